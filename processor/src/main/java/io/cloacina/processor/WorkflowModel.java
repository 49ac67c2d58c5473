package io.cloacina.processor;

import java.util.List;
import javax.lang.model.element.TypeElement;

/**
 * A workflow class as it was read.
 *
 * @param options what is said of the workflow, as calls of the builder
 * @param inputs what its tasks take of the input
 * @param tasks in the order of their methods, names may still stand twice
 */
record WorkflowModel(
        TypeElement type, String name, List<String> options, List<InputModel> inputs, List<TaskModel> tasks) {}
