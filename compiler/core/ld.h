// The link operator ld of seed 003, section 6: cc = ld(ca, cvm) makes a concrete kernel of an abstract one and the CVM implementation.
// Globals and functions of ca come first, with the indices that they have in ca alone.
#pragma once

#include <span>
#include <vector>

#include "assembler/object/elf.h"
#include "compiler/core/serialize.h"

namespace core {

// The abstract kernel's units, then the CVM implementation's.
struct KernelUnits {
  std::vector<Program> units;
  size_t abstractUnits = 0;

  std::span<const Program> abstract() const { return std::span(units).first(abstractUnits); }
};

// Of an image that `vld --kernel` linked. Errors: [no-core], [bad-core], [no-kernel] (an image of another kind).
base::Result<KernelUnits> readKernelUnits(const object::Object& image);

// ca: a plain C0 program that defines `int i` and `int kdispatch(int, int)` and needs nothing but primitives of CVM. Errors: those of
// link(), and [ld-kdispatch], [ld-asm], [ld-names].
base::Result<Linked> linkAbstractKernel(const KernelUnits& kernel);

// cc. The implementation defines every primitive of CVM and takes nothing from ca but kdispatch and i. Also [ld-primitive].
base::Result<Linked> ld(const KernelUnits& kernel);

// Whether ld is defined for what the image was linked of.
base::Status checkKernel(const object::Object& image);

}  // namespace core
