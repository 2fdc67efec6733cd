// How runs end (lockstep.h).
#include "vm/consis/lockstep.h"

namespace consis {

bool mustBeMet(core::Fault fault) {
  switch (fault) {
    case core::Fault::NullDereference:
    case core::Fault::OutOfBounds:
    case core::Fault::DivisionByZero:
    case core::Fault::StackOverflow:
    case core::Fault::Assertion:
    case core::Fault::MissingReturn: return true;
    default: return false;
  }
}

std::string_view verdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::Consistent: return "consistent";
    case Verdict::Inconsistent: return "inconsistent";
    case Verdict::NoSemantics: return "no-semantics";
    case Verdict::Limit: return "limit";
  }
  return "";
}

}  // namespace consis
