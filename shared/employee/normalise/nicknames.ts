/**
 * First names that one person may go by. It is long because it is a table. Each line is one name: short forms, spellings, and
 * what it is in other languages. A name may be on several lines (`Alex`); two names are related when they share a line.
 */
const lines = `
aaron ron ronnie|abigail abby abbie gail|abraham abe bram ibrahim|adelaide addie adele|agnes aggie nessa|alan allan allen al
albert al bert bertie alberto|alexander alex al alec sandy sasha xander lex aleksandr alexandr aleksander alejandro alessandro alexandre alexandros oleksandr iskander
alexandra alex sandra sandy sasha lexi lexie alexa alejandra alessandra aleksandra oleksandra|alfred al alf alfie fred freddie alfredo
alice ali allie alicia alisha alyssa|alison allison allie ali alyson|amanda mandy manda|amelia amy millie mel|andrea andy andie drea
andrew andy drew andre andres andreas andrei andrey andrej andrzej andrea|angela angie angel angelina|ann anna anne annie nan nancy ana anya hannah hanna
annette annie nettie|anthony tony ant antonio anton antoine antoni antonius|antonia toni tonya|arnold arnie|arthur art artie arturo artur
barbara barb babs barbie bobbie|bartholomew bart|beatrice bea trixie beatriz|benjamin ben benny benji benjy benjamim|bernard bernie bernardo bernd
bernadette bernie|bethany beth|beverly bev beverley|bradley brad|bradford brad|brandon bran|brenda bren|brian bryan bryant|bridget biddy bridie
bruce brucie|caitlin kate katie cait kaitlin kaitlyn katelyn caitlyn|calvin cal|cameron cam camron|candace candy candice|carl karl carlos karel carlo
carla karla|caroline carol carrie carolyn lynn carolina karolina|catherine cathy kate katie kathy kat cat kay kitty kit katherine kathryn catharine catalina katarina ekaterina yekaterina katya caterina catarina kathrine karen
cecilia cissy celia|charles charlie chuck chas chaz carlos carl karl carlo|charlotte charlie lottie char|chelsea chels|cheryl sherry cheri|christian chris kris cristian kristian
christina chris chrissy tina christine christie kristina kristin kristine kirsten cristina kris krista|christopher chris topher kit kris cristobal kristopher christoph christophe krzysztof
cindy cynthia cyndi|clarence clare|claire clara clare|clifford cliff|clinton clint|constance connie|cornelius neil|courtney court|curtis curt kurt
daniel dan danny dani daniil danil daniele|danielle dani danny daniela daniella|darlene darla|darren daryl|david dave davey davy davide dawid|dawn dawnie
deborah deb debbie debby debra deborrah|delores dolores lola|dennis denny denis denys|desmond des|diana diane di dianne|dmitri dmitry dmitriy dmytro dima dimitri dimitry
dominic dom dominick domenico domingo|donald don donnie donny|donna donnie|dorothy dot dottie dolly dori|douglas doug dougie|dwayne dewayne duane
edgar ed eddie|edith edie|edmund ed eddie ned|edward ed eddie ted teddy ned eduardo edoardo|edwin ed eddie|eileen aileen ellie|eleanor ellie nell nellie nora ella elinor leonor
elizabeth liz beth betty betsy liza lizzie eliza lisa libby bess ellie elisabeth elsa elise isabel elisabetta elzbieta|ellen ellie nell helen|emily em emmy millie emilia|emma em|emmanuel manny manuel emanuel
enrique henry kike|eric erik rick ricky erick|erica erika ricki|ernest ernie ernesto|esther essie|ethan eth|eugene gene evgeny yevgeny evgeni eugenio|evan van|evelyn evie eve lyn
florence flo flossie|frances fran fanny frankie francesca francisca|francis frank fran frankie francisco paco pancho francesco francois franz|franklin frank|frank francis
frederick fred freddie freddy rick federico frederic friedrich fredrick|gabriel gabe gabriele|gabrielle gabby gabriela gaby gabriella|gary garry gaz|gavin gav|george jorge georgie giorgio georg georges yuri
georgia georgie|gerald gerry jerry gerardo gerard|geoffrey geoff jeff jeffrey|geraldine gerry|gertrude trudy gertie|gilbert gil bert gilberto|gina georgina regina|giovanni gianni john
glen glenn|gloria glo|gordon gordy|grace gracie|graham gray graeme|gregory greg gregg gregor gregorio|guillermo william memo|gwendolyn gwen|hannah anna hanna
harold harry hal|harriet hattie|harry harold henry|heather heath|helen nell nellie lena elena helena ellen olena yelena|henry hank harry hal henri henrik heinrich enrique|herbert herb bert|howard howie
hugh hughie hugo|ian iain|ignacio nacho|irene rena irina|isaac ike zac|isabel izzy bella isabella isabelle belle|isaiah zay|jack john jackson|jacob jake jakob coby jakub iakov yakov
jacqueline jackie jacquelyn jacqui|jaime james jim|james jim jimmy jamie jem jaime diego|jamie james|jane janie jan jenny|janet jan jenny|janice jan|jason jay jase|jean jeanne jeannie jeanie jeanette
jeffrey jeff geoff jeffery geoffrey|jennifer jen jenny jenn jenna|jeremy jem jerry jez jezza jeremiah|jerome jerry|jessica jess jessie jessi|jesse jess|jesus chuy chucho|jill gillian jillian gill
joan joanie joanne|joanna jo joanne joann joana|joaquin quin|joel joey|john jack johnny jon jonny jhon johnnie juan jean ivan giovanni johann johannes hans jan ioan yohan joao|johnathan jonathan johnathon jonathon jon john johnny
jonathan jon jonny nathan john|jordan jordy jordon|jose pepe joseph|joseph joe joey jo josef jose giuseppe yusuf youssef yousef josip iosif|josephine jo josie fina|joshua josh|joyce joy|juan john
judith judy jude|julia julie jules juliana giulia|julian jules julio|julie julia jules|justin jus|karen kari carin karin|katherine kate katie kathy kat kay kitty kathryn catherine katharine kit katya
kathleen kathy kate katie kath|keith keef|kelly kel kelley kellie|kelsey kels|kenneth ken kenny|kevin kev|kimberly kim kimmy kimberley kimberli|kristen kris kristin kirsten kristi kristy|kristina kris tina
kyle ky|laura laurie lori|lauren laurie loren|laurence larry lawrence|lawrence larry lars lorenzo laurie|leah lea|leo leon leonardo leopold|leonard leo len lenny leonardo|leroy roy|leslie les lesley
lillian lily lil lilly lilian|linda lin lindy lynda|lindsay linds lindsey|lisa elizabeth liza|lois lo|lori laura lorraine|louis lou louie luis lewis luigi ludwig|louise lou luisa|lucas luke luca lukas lukasz|lucille lucy lu
lucy lu lucia luz|luis louis|luke lucas|lydia liddy|lynn lin lynne|madeline maddie maddy madeleine madelyn|magdalena lena magda|malcolm mal|marcus marc mark marco marcos|margaret maggie meg peggy marge margie greta rita daisy margarita margot marguerite margherita malgorzata
maria mary marie mia mariya|marianne mary anne marian|marie mary maria|marilyn mary lyn|mario mariano|marjorie marge margie|mark marc marco marcus marek markus|marsha marcia|martha marty patty marta|martin marty martino marcin|marvin marv
mary molly polly mae maria marie mamie|mason mase|matthew matt matty mateo matteo matthias mathew mathieu matthieu matias mateusz matvey|maureen mo|maurice mo maurizio mauricio moritz|maxwell max|maximilian max|megan meg meghan meaghan
melanie mel|melissa mel missy lissa|melvin mel|mercedes mercy|michael mike mick mickey micky mikey miguel michel michele mikhail mykhailo misha michal micheal mihail mikael mitch|michelle shelly shelley mish michele micki|mildred millie
miguel michael mike|minerva minnie|miriam mimi mary|mitchell mitch|mohammed mohamed muhammad mohammad muhammed mohamad mo mohd mehmet mahomet|monica mona monika|morgan mo|nadia nadezhda nadya|nancy nan ann|natalie nat natalia nathalie natasha natalya|natasha tasha
nathan nate nat|nathaniel nate nat nathan|neil neal niall|nicholas nick nicky nicolas nico nikolai nikolay klaus claes claus nikolas mykola nicola niccolo|nicole nicky nikki nicola nichole|nora norah eleanor honora|norman norm|olga olya
oliver ollie olivier|olivia liv livvy ollie|oscar oskar|pamela pam pammy|patricia pat patty tricia trish patsy trisha|patrick pat paddy rick patricio patrice|paul pablo paulo pavel paolo pauly pavlo|paula polly pauline|pauline polly paula|peggy margaret
penelope penny nell|peter pete pedro pietro pierre piotr petr petro pyotr|philip phil phillip pip felipe filippo philippe|phyllis phil|rachel rae rach rachael raquel rachelle|ralph rafe raul|ramon ray raymond|randall randy|raphael rafael raf rafa
raymond ray raimundo|rebecca becky becca beck rebeka rebekah|reginald reg reggie|regina gina reggie|rene renee|reuben ruben|rhonda ron ronnie|richard rick dick rich richie ricky ricardo riccardo ritchie
rita margarita|robert bob rob bobby robbie bert roberto rupert robin|roberta bobbie robbie|rodney rod|roderick rod rick rory|rodrigo rod|roger rodger rog rogelio|roland rollie rolando|ronald ron ronnie ronny ronaldo|rosa rose rosie rosita
rosemary rose rosie romy|roxanne roxy|roy leroy|russell russ rusty|ruth ruthie|ryan ry|sabrina bri|sally sal sarah|samantha sam sammy sami|samuel sam sammy samuele|sandra sandy alexandra cassandra|sarah sara sally sadie|saul sol
scott scotty|sean shawn shaun john|sebastian seb bastian|sergei sergey serhiy sergio serge|seymour sy|sharon shari sherry|sheila shelly|shirley shirl|sidney sid sydney|silvia sylvia|simon si simone simeon|sophia sophie sofia sofie zofia sofya
stacy stacey anastasia|stanley stan stanislav stanislaw|stephanie steph stephany stefanie stefania|stephen steve stevie steven stefan stephan esteban stefano etienne szczepan stefanos|stewart stu stuart|susan sue susie suzy suzanne susanna susana sukie zuzanna
suzanne sue suzy susan|sylvester sly|tabitha tabby|tamara tammy tam|tatiana tanya tatyana tetiana|teresa terry tess tessa theresa terri therese tere|terence terry terrence terrance|theodore ted teddy theo teodoro fyodor|theodora dora theo
thomas tom tommy tomas tommaso thom tomasz|tiffany tiff|timothy tim timmy timofey timoteo|tina christina martina|todd tod|tracy trace tracey|travis trav|trevor trev|tyler ty|ursula ursa|valerie val valeria|vanessa nessa|vera veronica|vernon vern
veronica ronnie vonnie ron vera roni|victor vic vick viktor vittorio|victoria vicky tori vic vickie viktoria|vincent vin vinny vince vicente vincenzo|viola vi|violet vi|virginia ginny gina ginger|vivian viv vivien|vladimir vova volodymyr vlad
walter walt wally gualterio|wanda wandy|warren wren|wayne duane|wendy gwendolyn|wesley wes|wilfred will fred|wilhelmina mina|william bill will billy willy liam guillermo wilhelm guillaume willem guglielmo billie willie|winifred winnie fred
winston win|xavier xavi javier|yolanda yoli|yvonne vonnie|yuri yury iurii yuriy|zachary zach zack zac zak zachariah|ahmed ahmad ahmet|ali aly|hussein husain hussain hossein|hassan hasan|omar umar|fatima fatma fatimah|aisha ayesha aysha
aishwarya ash|krishna kris|sanjay sanj|abdul abdel|khalid khaled|jiang jian|nguyet nguyen|johnathan johny jonathan johnny jonnie jonny|robert robby dobbin|lawrence lon lonny lonnie laurence|stephen steph|nicole nicki|harold hap|john jock jaap jacob|sue sukey susan|mary mitzi|joseph jody|joshua joe|cordelia delia|heather hetty hettie henrietta|derrick ricky|kathleen kay|eleanor nelly|elizabeth bessie lib liisa elisa|betsy bessie|diana didi|richard dickon|christine crissy|charles chick|jacob jay|matthew thias thys matthias|natalie natty|melanie mellie|andrea andi|carol kara caro|sharon shay|vincent vic|casey kc|evan ivan|benjamin yami|francisco paco pancho francis|concepcion concha conchita|guadalupe lupe lupita|rosario charo|dolores lola|eduardo lalo edward|ignacio nacho|jorge george|margarita rita`;

type Lines = ReadonlyMap<string, ReadonlySet<number>>;

let read: Lines | undefined;

/** The lines that each name is on. Read when it is first asked for, not while a function loads: it takes two milliseconds. */
const linesOfNames = (): Lines => {
  read ??= readLines();
  return read;
};

const readLines = (): Lines => {
  const linesOf = new Map<string, Set<number>>();
  for (const [line, names] of lines.split(/[|\n]/).entries()) {
    for (const name of names.split(" ").filter((each) => each !== "")) {
      const known = linesOf.get(name);
      if (known === undefined) linesOf.set(name, new Set([line]));
      else known.add(line);
    }
  }
  return linesOf;
};

/** Whether a first name (folded) is in the table. */
export const hasNicknames = (name: string): boolean => linesOfNames().has(name);

/**
 * Whether two related names are of one kind, as `maria` and `mary` or `alexander` and `alejandro` are: two forms of one name, which
 * brothers and sisters may have, rather than a name and what it is shortened to.
 */
export const areVariants = (one: string, other: string): boolean =>
  one[0] === other[0] && Math.min(one.length, other.length) >= 4 && Math.abs(one.length - other.length) <= 2;

/** Whether somebody with one of these first names (folded) may go by the other. */
export const areNicknames = (one: string, other: string): boolean => {
  const related = linesOfNames();
  const [lines, others] = [related.get(one), related.get(other)];
  if (lines === undefined || others === undefined) return false;
  for (const line of lines) if (others.has(line)) return true;
  return false;
};
