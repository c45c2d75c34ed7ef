/**
 * Names that many people have, wherever the records are from. What is common among a few hundred records cannot be counted in
 * them. Family names: the most frequent of the United States (Census Bureau, 2010, public domain) and of other large countries.
 */
const families = new Set(
  `smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas
taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king
wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips
evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper
peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james bennett gray mendoza ruiz
hughes price alvarez castillo sanders patel myers long ross foster jimenez powell jenkins perry russell sullivan bell coleman
butler henderson barnes gonzales fisher vasquez simmons romero jordan patterson alexander hamilton graham reynolds griffin
wallace moreno west cole hayes bryant herrera gibson ellis tran medina aguilar stevens murray ford castro marshall owens
harrison fernandez mcdonald woods washington kennedy wells vargas henry chen freeman webb tucker guzman burns crawford olson
simpson porter hunter gordon mendez silva shaw snyder mason dixon munoz hunt hicks holmes palmer wagner black robertson boyd
rose stone salazar fox warren mills meyer rice schmidt garza daniels ferguson nichols stephens soto weaver ryan gardner payne
grant dunn kelley spencer hawkins arnold pierce hansen peters santos hart bradley knight elliott cunningham duncan armstrong
hudson carroll lane riley andrews alvarado ray delgado berry perkins hoffman johnston matthews pena richards contreras willis
carpenter lawrence sandoval wang li zhang liu yang huang zhao wu zhou xu sun zhu lin ho chan wong singh kumar sharma gupta shah khan ahmed
ali hussain das devi yadav tanaka sato suzuki takahashi watanabe ito yamamoto park choi jung kang cho muller schneider fischer
weber schulz becker bauer koch rossi russo ferrari esposito bianchi romano martins pereira oliveira souza santana costa
ferreira almeida dubois durand bernard petit moreau laurent lefebvre ivanov ivanova petrov smirnov kuznetsov popov nowak
kowalski wisniewski wojcik kaminski le pham vu vo dang bui do yilmaz kaya demir mohamed ibrahim hassan cohen levy ng tan lim
clarke davies walsh obrien byrne williamson kaur begum jensen nielsen hansson johansson andersson karlsson nilsson larsen olsen`.split(
    /\s+/,
  ),
);

/** First names that are none of the nickname table's, and yet names. */
const givens = new Set(
  `aaliyah abbey abel ada adan addison adrian adriana adrianne aidan aiden aileen aimee alana alba alec alejandra alexis alfonso
alisa alissa allyson alma alondra alonzo alvin alyssa amari amber amelie amir amit amira amos amina anastasia andrea angelica
angelo anika anita anjali annabelle anne april araceli archer ariana arianna ariel arjun arlene armando arlo arturo asher
ashlee ashley ashleigh ashlyn aubrey audrey august aurora austin autumn ava avery ayden bailey barry beau becky belinda
bella beryl betty bianca billie blair blake bonnie brad braden brady brandi brandy brayden breanna brenna brent brenton bret
brett briana brianna brittany brittney brock brody brooke brooklyn bryce bryson byron callum camila camille carina carlton
carmen carole carolina carrie carson carter casey cassie cassidy cesar chad chance chandler chantal charlene charmaine chase
chloe claudia claudine claudio clay clayton cleo clifton cody colby cole colin colleen collin conner connor conor cooper cora
corey cory craig cristian cruz crystal daisy dakota dale dallas dalton damian damien damon dana dane daphne darius darrell
darryl daryl dashawn dean deanna deandre deborah deirdre delia denise derek derrick desiree destiny devin devon diego dillon
dominique dora doreen doris drew duncan dustin dylan easton ebony eduardo elaine eli elias elijah elliot elliott ellis elmer
elsie elvira emanuel emilio emma enrique erin ernesto esmeralda esperanza esteban estelle estella ethan eva evelina ezra
fabian faith fatima faye felicia felicity felix fernando fiona flora floyd freya gabriela gail garrett gemma gene genesis
georgina gerardo giselle gladys glenda gloria grant gretchen griffin guadalupe gustavo guy gwen haley hamish hana harley
harper harrison harvey hassan hayden hayley hazel heidi hector herman hilary holly hope hudson hugo hunter ida ike iliana
imani imogen india inez ines ingrid ira iris irma irving ivan ivy jace jack jackson jaclyn jada jade jaden jake jalen jamal
jameson janelle janine jared jarrod jasmin jasmine jasper javier jay jayden jayla jaylen jeff jenifer jenna jerrod jewel jim
jimena jocelyn jodi jodie jody johan johanna jon jordan jorge josefina josue juana juanita judy julio june justice justine
kaden kai kaitlyn kaleb kara kari karina karla karma kasey kassandra kate katelyn kathrine katrina kay kayden kayla kaylee
keira keisha keith kelli kellie kelvin kendall kendra kendrick kenya kerry kiara kieran kim kira kirk krista kristal kristi
krystal kurt kylie lacey lachlan lamar lana lance landon lara larissa latasha latoya layla leah leanne lee leila lena leona
leroy leslie leticia levi lexi liam lila liliana lillie linda liza lloyd logan lola lonnie lorena loretta lorraine louisa
lorenzo luciana lucia luis luz lyla lyle lynda lynette mabel mackenzie macy maddox madison maggie maia makayla malia malik
mallory manuel mara marcel marcia marcella mariah mariana maribel marina marisa marisol marissa marlene marlon marquis marta
marvin mateo mathias maura mavis maxine maya mckenzie meghan melinda melody mercedes meredith mia micah micaela mila miles
millicent milton mindy miranda misty molly monique montana morgan moses muriel mya myles myra myrtle nadine naomi natasha
nelson nestor nevaeh nia nina noah noe noel noelle nolan nova octavio olive omar oscar owen paige paloma paris parker pauline
paxton pearl pedro perry peyton phoebe phoenix piper preston priscilla priya quentin quincy quinn rafael ramiro ramona
raquel rashad raul reagan rebekah reece reed reid remy reyna rhett rhys ricardo riley rita rocco rocio rodolfo roger rohan
roland roman romeo ronan rory rosalie rosario ross rowan roxana ruben ruby rudy rufus rylan sabrina sade sage salma salvador
salvatore samir santiago santos sasha saul savanna savannah sawyer scarlett selena selma serena sergio seth shane shanna shannon
shari shaun shauna shawna shayla shelby sheldon shelia sherri sherman sienna sierra silas simone skye skylar sloane sofia
sonia sonja sonya spencer stella sterling summer sue sunny sydney sylvia tamika tania tanner tara taryn tasha tatum tatyana
taylor terrell tia tiana tommy tonya trent trenton trinity tristan troy tucker tyra tyrone tyson uriah valentina vance vera
vicki vicky vince violet vivienne wade wallace ward waylon wayne wendell weston whitney wilbur wilma wyatt xander xavier
ximena yesenia yolanda yvette zachery zander zane zara zoe zoey zion`.split(/\s+/),
);

/** Whether a family name (folded) is one that needs more beside it. */
export const isCommonFamily = (family: string): boolean => families.has(family);

/** Whether it is a first name (folded). */
export const isCommonGiven = (given: string): boolean => givens.has(given);
