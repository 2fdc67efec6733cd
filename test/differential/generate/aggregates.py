"""Tables of structs that are searched and sorted, strings, and pointers to pointers: C0X programs' everyday, with random holes. Every
loop ends and every index is in range, whatever the holes hold."""

TYPES = """\
typedef struct item {
  $NARROW$ weight;
  const char *name;
  struct { unsigned id; $NARROW$ pair[2]; } part;
  struct item *link;
} item;
typedef unsigned char byte;
enum color { RED, GREEN = $ENUM$, BLUE };
"""

TABLES = """\
static const char *const words[] = {$WORDS$};
enum { WORDS = sizeof words / sizeof *words };
static item items[$COUNT$] = {{$CONST$, "first"}, [$LAST$] = {.part = {.id = $CONST$u & 0xFFFF, {$CONST$, [1] = $CONST$}}}};
static item *order[$COUNT$];
static char buffer[64];
static byte counts[26];

static int compare(const item *a, const item *b) {
  if (a->weight != b->weight) return a->weight < b->weight ? -1 : 1;
  return $COMPARE$;
}

static void items_fill(unsigned seed) {
  for (item *p = items; p < items + $COUNT$; p++) {
    seed = seed * 1664525u + $CONST$u;
    *p = (item){.weight = seed >> $SHIFT$, .name = words[seed >> 20 & 1], .part.id = p - items, .link = p > items ? p - 1 : NULL};
    p->part.pair[seed & 1] $OP$= (seed >> 8) $OP2$ p->weight;
    order[p - items] = p;
  }
}

// By insertion: whole structs move.
static void items_sort(item *table, int n) {
  for (int i = 1; i < n; i++) {
    item moved = table[i];
    int k = i;
    while (k > 0 && compare(&table[k - 1], &moved) > 0) {
      table[k] = table[k - 1];
      k--;
    }
    table[k] = moved;
  }
}

static void exchange(item **a, item **b) {
  item *other = *a;
  *a = *b, *b = other;
}

// By exchange: pointers move.
static void order_sort(item **low, item **high) {
  if (high - low < 2) return;
  item **middle = low, *pivot = low[(high - low) / 2];
  for (item **p = low; p != high; ++p)
    if (compare(*p, pivot) < 0) exchange(p, middle++);
  int progress = middle - low;
  if (progress == 0) {
    for (item **p = low; p != high; ++p)
      if (compare(*p, pivot) <= 0) exchange(p, middle++);
    progress = middle - low;
    order_sort(middle, high);
    return;
  }
  order_sort(low, middle);
  order_sort(middle, high);
}

static const item *items_find(const item *table, int n, int weight) {
  const item *low = table, *high = table + n;
  while (low < high) {
    const item *middle = low + (high - low) / 2;
    if (middle->weight < weight) low = middle + 1;
    else high = middle;
  }
  return low < table + n && low->weight == ($NARROW$)weight ? low : NULL;
}

static unsigned text_hash(const char *s) {
  unsigned h = $CONST$u;
  for (int c; (c = *s++) != 0;) h = (h << 5 | h >> 27) ^ (c $OP$ $CONST$);
  return h;
}
"""

USE = """\
static void text_work(void) {
  char *end = buffer;
  for (int i = 0; i < WORDS && end - buffer < 40; i++) {
    strcpy(end, words[i]);
    end += strlen(end);
    *end++ = "+-*/"[i & 3];
  }
  *end = '\\0';
  for (const char *p = buffer; *p; p++) {
    if (*p >= 'a' && *p <= 'z') counts[*p - 'a']++;
    mix(kind(*p));
  }
  mix(text_hash(buffer));
  mix(memcmp(buffer, "text", 4) < 0 ? strcmp(buffer, words[1]) > 0 : sizeof buffer - strlen(buffer));
  const char *found = strchr(buffer, "$LETTER$"[0]);
  mix(found ? found - buffer : -1);
  memset(buffer + 50, counts[4], 9);
  sort_ints((int[5]){$CONST$, counts[0], -$CONST$, buffer[51], $CONST$}, 5);
}

static void aggregate_work(unsigned seed) {
  items_fill(seed);
  order_sort(order, order + $COUNT$);
  for (int i = 0; i < $COUNT$; i++) mix(order[i]->part.id + (order[i] - items));
  items_sort(items, $COUNT$);
  for (const item *p = &items[$LAST$]; p; p = p->link) mix(p->weight), mix(p->part.pair[0] - p->part.pair[1]), mix(p->name[0]);
  int numbers[$COUNT$];
  for (int i = 0; i < $COUNT$; i++) numbers[i] = items[i].weight $OP$ (int)items[$COUNT$ - 1 - i].part.id;
  sort_ints(numbers, $COUNT$);
  for (int i = 0; i < $COUNT$; i++) {
    const item *at = items_find(items, $COUNT$, numbers[i]);
    mix(at ? at - items : numbers[i]);
  }
  int (*rows)[3] = new(int[3], $COUNT$), sum = 0;
  for (int i = 0; i < $COUNT$; i++)
    for (int k = 0; k < 3; k++) rows[i][k] = numbers[i] $OP2$ k;
  for (int *p = &rows[0][0], *q = rows[$COUNT$ - 1] + 3; rows[0] + 3 > p; ++p) sum += *p - *--q;
  mix(sum);
  text_work();
}
"""

LETTERS = "abcdefghijklmnopqrstuvwxyz+-*/ "
VOCABULARY = ("alpha", "be", "text", "gamma ray", "zero", "q", "one two", "seven", "xyz", "a-b", "")


def kind(random):
    """static enum color kind(char): labels scattered over sections, some of which fall through."""
    letters = list(LETTERS)
    random.shuffle(letters)
    lines = ["static int kind(char c) {", "  int result = 0;", "  switch (c) {"]
    default = random.randrange(6)
    for section in range(random.randint(1, 6)):
        labels = [f"case '{letters.pop()}':" for _ in range(random.randint(1, 5)) if letters]
        if section == default:
            labels.insert(random.randrange(len(labels) + 1), "default:")
        lines.append("    " + " ".join(labels))
        nested = random.random() < 0.2 and letters
        body = f"result {random.choice(('+', '^', '|'))}= {random.choice(('RED', 'GREEN', 'BLUE', str(random.randrange(50))))};"
        lines.append(f"      {{ {body} case '{letters.pop()}': result++; }}" if nested else "      " + body)
        if random.random() < 0.65:
            lines.append("      break;")
    lines += ["  }", "  return result;", "}"]
    return "\n".join(lines) + "\n"


def text(random):
    """(types, functions) of the part."""
    count = random.choice((2, 3, 5, 9, 16))
    words = [random.choice(VOCABULARY) for _ in range(random.randint(2, 7))]
    narrow = random.choice(("short", "int", "unsigned char", "unsigned short", "char"))
    chosen = {"$NARROW$": narrow, "$COUNT$": str(count), "$LAST$": str(count - 1), "$ENUM$": str(random.randrange(2, 40000)),
              "$WORDS$": ", ".join(f'"{w}"' for w in words), "$LETTER$": random.choice("aeqz-t"), "$SHIFT$": random.choice(("16", "24", "27", "29", "8")),
              "$COMPARE$": random.choice(("(a->part.id > b->part.id) - (a->part.id < b->part.id)", "a->part.id < b->part.id ? -1 : a->part.id != b->part.id",
                                          "(int)(b->part.id - a->part.id)"))}
    functions = TABLES + "\n" + kind(random) + "\n" + USE
    for hole, value in chosen.items():
        functions = functions.replace(hole, value)
    types = TYPES.replace("$NARROW$", narrow).replace("$ENUM$", chosen["$ENUM$"])
    for hole, values in (("$OP$", ("+", "-", "^", "|", "&", "*")), ("$OP2$", ("+", "-", "^", "*")), ("$CONST$", ("1", "7", "100", "255", "32767", "4096"))):
        while hole in functions:
            functions = functions.replace(hole, random.choice(values), 1)
    return types, functions
