package io.veralake.run;

/** The stages, in their order. */
enum Stage {
  LAND,
  VAULT,
  MART,
  RECONCILE,
  PUBLISH
}
