// The link operator ld keeps the abstract kernel's indices; what it refuses is tested by test/lit/vld/kernel.c0.
#include <gtest/gtest.h>

#include "compiler/core/ld.h"
#include "test/unit/core/builder.h"

namespace core::test {
namespace {

void defineReturningZero(Builder& b, const std::string& name, const std::vector<TypeId>& signature) {
  std::vector<std::pair<std::string, TypeId>> parameters;
  for (size_t p = 1; p < signature.size(); p++) parameters.emplace_back("p" + std::to_string(p), signature[p]);
  const uint32_t index = b.declare(name, signature[0], parameters);
  b.program.functions[index].primitive = Primitive::None;
  b.define(index, {b.ret(b.integer(0))});
}

// i, a static variable, then `last`; kdispatch calls a helper of another unit and a primitive.
KernelUnits kernel() {
  KernelUnits made;
  Builder a("a.c0"), b("b.c0"), cvm("cvm.c0a");
  a.program.globals[a.global("hidden", kInt)].internal = true;
  const uint32_t i = a.global("i", kInt);
  const uint32_t helper = a.declare("helper", kInt), wait = a.declare("cvm_wait", kInt);
  const uint32_t dispatch = a.declare("kdispatch", kInt, {{"mca", kInt}, {"edata", kInt}});
  a.enter(dispatch);
  a.define(dispatch, {a.call(a.variable(i), helper), a.call(a.variable(i), wait), a.ret(a.local(0))});
  b.global("last", kInt);
  b.function("helper", kInt, {b.ret(b.integer(3))});
  cvm.program.globals[cvm.global("hidden", kInt)].internal = true;
  cvm.global("cup", kInt);
  for (size_t p = 1; p <= size_t(kLastPrimitive); p++)
    if (primitivePlatform(Primitive(p)) == Platform::Cvm)
      defineReturningZero(cvm, std::string(primitiveName(Primitive(p))), primitiveSignature(Primitive(p)));
  for (Builder* builder : {&a, &b, &cvm}) made.units.push_back(std::move(builder->program));
  made.abstractUnits = 2;
  return made;
}

TEST(Ld, KeepsTheAbstractKernelsIndices) {
  const KernelUnits units = kernel();
  const base::Result<Linked> ca = linkAbstractKernel(units), cc = ld(units);
  ASSERT_TRUE(ca) << ca.error().text;
  ASSERT_TRUE(cc) << cc.error().text;
  const auto name = [](const auto& items, size_t i) { return items[i].name; };
  ASSERT_EQ(ca->program.globals.size(), 3u);
  EXPECT_EQ(cc->program.globals.size(), 5u);
  for (size_t g = 0; g < ca->program.globals.size(); g++) EXPECT_EQ(name(cc->program.globals, g), name(ca->program.globals, g));
  // cvm_wait is a primitive in the one, a function with a body in the other.
  ASSERT_EQ(ca->program.functions.size(), 3u);
  for (size_t f = 0; f < 2; f++) EXPECT_EQ(name(cc->program.functions, f), name(ca->program.functions, f));
  EXPECT_EQ(ca->program.functions[2].primitive, Primitive::CvmWait);
  EXPECT_TRUE(cc->program.functions[*cc->program.findFunction("cvm_wait")].defined);
  EXPECT_EQ(cc->functions[0], ca->functions[0]);
  EXPECT_EQ(cc->globals[1], ca->globals[1]);
  ASSERT_TRUE(verify(cc->program));
}

TEST(Ld, TheImplementationIsNotPartOfTheAbstractKernel) {
  KernelUnits units = kernel();
  units.abstractUnits = 3;
  const base::Result<Linked> cc = ld(units);
  ASSERT_TRUE(cc) << "all in one is a kernel too";
  units.abstractUnits = 1;
  ASSERT_FALSE(linkAbstractKernel(units));
  EXPECT_EQ(linkAbstractKernel(units).error().text, "'helper' is the CVM implementation's own, defined at b.c0:1:4");
}

}  // namespace
}  // namespace core::test
