"""Lists and trees on the heap: their links change only here, so that every walk ends; the arithmetic in them is random."""

NODE = """\
struct node {
  int key;
  unsigned extra;
  char tag;
  struct node *next;
  struct node *left;
  struct node *right;
};
struct node *list;
struct node *tree;
"""

STRICT = """\
struct node *node_make(int key, unsigned extra) {
  struct node *n;
  n = new(struct node);
  n->key = key;
  n->extra = extra;
  n->tag = (char)(key ^ (int)extra);
  return n;
}

int list_push(int key) {
  struct node *n;
  n = node_make(key, $UNSIGNED$);
  if (n != NULL) {
    n->next = list;
    list = n;
  }
  return 0;
}

int list_reverse() {
  struct node *done;
  struct node *rest;
  done = NULL;
  while (list != NULL) {
    rest = list->next;
    list->next = done;
    done = list;
    list = rest;
  }
  list = done;
  return 0;
}

int list_update(int seed) {
  struct node *n;
  n = list;
  while (n != NULL) {
    seed = seed + 1;
    n->key = n->key $OP$ seed;
    if (n->tag != (char)seed) n->extra = n->extra $OP$ (unsigned)seed;
    n = n->next;
  }
  return seed;
}

int tree_insert(int key) {
  struct node *n;
  struct node *at;
  bool done;
  n = node_make(key, 1u);
  at = tree;
  done = at == NULL;
  if (done) tree = n;
  while (!done) {
    at->extra = at->extra + 1u;
    if (key < at->key) {
      if (at->left == NULL) {
        at->left = n;
        done = true;
      }
      at = at->left;
    } else {
      if (at->right == NULL) {
        at->right = n;
        done = true;
      }
      at = at->right;
    }
  }
  return 0;
}

unsigned tree_sum(struct node *n) {
  unsigned left;
  unsigned right;
  left = 0u;
  right = 1u;
  if (n != NULL) {
    left = tree_sum(n->left);
    right = tree_sum(n->right);
    left = left + (right << 1u) + (unsigned)n->key + n->extra;
  }
  return left;
}

unsigned list_sum() {
  struct node *n;
  unsigned sum;
  sum = 0u;
  n = list;
  while (n != NULL) {
    sum = (sum << 3u ^ sum >> 29u) + (unsigned)n->key + (unsigned)n->tag - n->extra;
    n = n->next;
  }
  return sum;
}

int heap_work(int seed) {
  int i;
  i = 0;
  while (i < $COUNT$) {
    list_push(seed + i);
    tree_insert((seed ^ i * 5) % 17);
    i = i + 1;
  }
  list_reverse();
  list_update(seed);
  return 0;
}
"""

SUGAR = """\
static struct node *node_make(int key, unsigned extra) {
  struct node *n = new(struct node);
  if (!n) return NULL;
  n->tag = (n->key = key) ^ (n->extra = extra);
  return n;
}

static void list_push(int key) {
  struct node *n = node_make(key, $UNSIGNED$);
  n->next = list, list = n;
}

static void list_reverse(void) {
  struct node *done = NULL;
  for (struct node *rest; list; list = rest) {
    rest = list->next;
    list->next = done;
    done = list;
  }
  list = done;
}

static int list_update(int seed) {
  for (struct node *n = list; n != NULL; n = n->next) {
    n->key $OP$= ++seed;
    n->tag != (char)seed && (n->extra $OP$= seed);
  }
  return seed;
}

static void list_filter(int mask) {
  for (struct node **at = &list; *at != NULL;) {
    if (((*at)->key & mask) == 0) *at = (*at)->next;
    else at = &(*at)->next;
  }
}

static void tree_insert(int key) {
  struct node **at = &tree;
  while (*at) {
    (*at)->extra++;
    at = key < (*at)->key ? &(*at)->left : &(*at)->right;
  }
  *at = node_make(key, 1);
}

static unsigned tree_sum(const struct node *n) {
  return n ? tree_sum(n->left) + (tree_sum(n->right) << 1) + n->key + n->extra : 1u;
}

static unsigned list_sum(void) {
  unsigned sum = 0;
  for (const struct node *n = list; n; n = n->next) sum = (sum << 3 ^ sum >> 29) + n->key + n->tag - n->extra;
  return sum;
}

static void heap_work(int seed) {
  int *keys = new(int, $COUNT$);
  for (int i = 0; i < $COUNT$; i++) keys[i] = (seed ^ i * 5) % 17;
  for (int *key = keys; key != keys + $COUNT$; key++) {
    list_push(seed + *key);
    tree_insert(*key);
  }
  list_reverse();
  list_filter($MASK$);
  list_update(seed);
}
"""


def text(random, strict):
    """(declarations, functions) of the heap part."""
    functions = STRICT if strict else SUGAR
    for hole, values in (("$UNSIGNED$", ("7u", "0x8000u", "(unsigned)key", "(unsigned)key << 16u")), ("$OP$", ("+", "-", "^", "*", "&", "|")),
                         ("$COUNT$", ("1", "3", "6", "9")), ("$MASK$", ("1", "2", "3"))):
        while hole in functions:
            functions = functions.replace(hole, random.choice(values), 1 if hole != "$COUNT$" else functions.count(hole))
    return NODE, functions
