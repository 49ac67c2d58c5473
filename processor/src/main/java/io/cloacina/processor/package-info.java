/**
 * Checks classes with {@link io.cloacina.api.annotation.Workflow} while they are compiled and writes a {@link
 * io.cloacina.api.WorkflowProvider} for each that is right. It begins at {@link io.cloacina.processor.WorkflowProcessor}. Every
 * problem of a class is reported at once and where it stands; a class with a problem gets no definition, the others do.
 */
@NullMarked
package io.cloacina.processor;

import org.jspecify.annotations.NullMarked;
