/**
 * A workflow as a class with annotated methods: {@link io.cloacina.api.annotation.Workflow} and
 * {@link io.cloacina.api.annotation.Task}. The annotation processor checks such a class when it is compiled and
 * generates a {@link io.cloacina.api.WorkflowProvider} for it; nothing is read by reflection at run time. Durations are
 * strings such as {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h30m}, {@code 2d}, {@code 1w} or ISO-8601 such as
 * {@code PT1H30M}.
 */
@NullMarked
package io.cloacina.api.annotation;

import org.jspecify.annotations.NullMarked;
