// An array of words, zero at first, that is copied in O(1) and compared with its copies in time proportional to what
// differs: a tree of shared nodes, 32 children each. A state S' that an action makes from S shares what it leaves
// alone, so "for all l: D'(l) = D(l)" costs only the changes. Not for several threads.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace models {

class Words {
 public:
  explicit Words(uint32_t size = 0) : size_(size) {
    while (uint64_t(32) << (5 * height_) < size) ++height_;
  }
  Words(const Words& other) : size_(other.size_), height_(other.height_), root_(share(other.root_, height_)) {}
  Words(Words&& other) noexcept
      : size_(other.size_), height_(other.height_), root_(std::exchange(other.root_, nullptr)) {}
  Words& operator=(Words other) noexcept {
    std::swap(size_, other.size_), std::swap(height_, other.height_), std::swap(root_, other.root_);
    return *this;
  }
  ~Words() { drop(root_, height_); }

  uint32_t size() const { return size_; }
  uint32_t operator[](uint32_t i) const {
    const void* at = root_;
    for (unsigned h = height_; h; --h) {
      if (!at) return 0;
      at = static_cast<const Node*>(at)->child[i >> (5 * h) & 31];
    }
    return at ? static_cast<const Leaf*>(at)->word[i & 31] : 0;
  }
  void set(uint32_t i, uint32_t value) {
    void** at = &root_;
    for (unsigned h = height_; h; --h) at = &own<Node>(at, h)->child[i >> (5 * h) & 31];
    own<Leaf>(at, 0)->word[i & 31] = value;
  }

  // Words 1024 to .. := other's words 1024 from .., by sharing them. Both arrays have at least 1024 words.
  void copyPage(uint32_t to, const Words& other, uint32_t from) {
    const void* source = other.page(from);
    void** at = &root_;
    for (unsigned h = height_; h > 1; --h) at = &own<Node>(at, h)->child[to >> (5 * (h - 2)) & 31];
    if (*at == source) return;
    drop(*at, 1);
    *at = share(const_cast<void*>(source), 1);
  }
  // f(i) for every i below 1024 at which the two pages differ, ascending.
  template <class F>
  static bool pageDifferences(const Words& a, uint32_t pageA, const Words& b, uint32_t pageB, F&& f) {
    return walk(a.page(pageA), 1, b.page(pageB), 1, 0, f);
  }

  // f(i) for every i at which the two differ, ascending; f returns false to stop. Sizes may differ: the larger counts.
  template <class F>
  static bool differences(const Words& a, const Words& b, F&& f) {
    if (a.height_ < b.height_) return differences(b, a, f);
    return walk(a.root_, a.height_, b.root_, b.height_, 0, f);
  }
  bool operator==(const Words& other) const {
    return differences(*this, other, [](uint32_t) { return false; });
  }

 private:
  struct Leaf {
    uint32_t uses = 1;
    std::array<uint32_t, 32> word{};
  };
  struct Node {
    uint32_t uses = 1;
    std::array<void*, 32> child{};
  };

  const void* page(uint32_t number) const {
    const void* at = root_;
    for (unsigned h = height_; h > 1 && at; --h) at = static_cast<const Node*>(at)->child[number >> (5 * (h - 2)) & 31];
    return at;
  }
  static void* share(void* node, unsigned height) {
    if (!node) return nullptr;
    ++(height ? static_cast<Node*>(node)->uses : static_cast<Leaf*>(node)->uses);
    return node;
  }
  static void drop(void* node, unsigned height) {
    if (!node) return;
    if (height == 0) {
      auto* leaf = static_cast<Leaf*>(node);
      if (--leaf->uses == 0) delete leaf;
      return;
    }
    auto* inner = static_cast<Node*>(node);
    if (--inner->uses) return;
    for (void* child : inner->child) drop(child, height - 1);
    delete inner;
  }
  // The node at *at for us alone.
  template <class N>
  static N* own(void** at, unsigned height) {
    auto* node = static_cast<N*>(*at);
    if (!node) return static_cast<N*>(*at = new N);
    if (node->uses == 1) return node;
    auto* copy = new N(*node);
    copy->uses = 1;
    if constexpr (std::is_same_v<N, Node>)
      for (void* child : copy->child) share(child, height - 1);
    --node->uses;
    return static_cast<N*>(*at = copy);
  }
  template <class F>
  static bool walk(const void* a, unsigned ha, const void* b, unsigned hb, uint32_t base, F& f) {
    if (a == b) return true;
    if (ha == 0) {
      for (uint32_t i = 0; i < 32; ++i) {
        uint32_t x = a ? static_cast<const Leaf*>(a)->word[i] : 0, y = b ? static_cast<const Leaf*>(b)->word[i] : 0;
        if (x != y && !f(base + i)) return false;
      }
      return true;
    }
    for (uint32_t i = 0; i < 32; ++i) {
      const void* x = a ? static_cast<const Node*>(a)->child[i] : nullptr;
      const void* y = ha > hb ? (i == 0 ? b : nullptr) : b ? static_cast<const Node*>(b)->child[i] : nullptr;
      if (!walk(x, ha - 1, y, ha > hb && i == 0 ? hb : ha - 1, base + (i << (5 * ha)), f)) return false;
    }
    return true;
  }

  uint32_t size_;
  unsigned height_ = 0;
  void* root_ = nullptr;
};

}  // namespace models
