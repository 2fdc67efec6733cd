#include "vm/consis/open_values.h"

namespace consis {

using core::StmtKind;
using core::TypeKind;

OpenValues::OpenValues(const Image& image)
    : image_(image), copied_(image.program().types.count()), mixed_(image.program().types.count()) {
  for (const core::Function& function : image.program().functions)
    for (const core::Stmt* stmt : function.statements)
      if (stmt->target && (stmt->kind == StmtKind::Assign || stmt->kind == StmtKind::Call))
        copied_[stmt->target->type] = types()[stmt->target->type].kind == TypeKind::Struct;
  // A struct's type may be older than those of its fields: until nothing changes.
  for (bool changed = true; changed;) {
    changed = false;
    for (core::TypeId id = 0; id < types().count(); ++id) {
      const core::Type& type = types()[id];
      bool mixed = type.kind == TypeKind::Pointer || copied_[id];
      if (type.kind == TypeKind::Array) mixed |= mixed_[type.element];
      for (const core::Field& field : type.fields) mixed |= mixed_[field.type];
      if (mixed != mixed_[id]) mixed_[id] = changed = true;
    }
  }
}

}  // namespace consis
