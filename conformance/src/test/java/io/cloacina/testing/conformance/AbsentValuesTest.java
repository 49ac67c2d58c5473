package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cron.CronExpression;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.testing.TestEngine;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How the public API says that something may be absent: a method returns an Optional; the component of a record and a parameter are
 * nullable.
 */
class AbsentValuesTest {
    @Test
    void methods_return_optionals_and_components_and_parameters_are_nullable() {
        List<String> wrong = new ArrayList<>();
        for (Class<?> type : PublicSurface.types(
                WorkflowDefinition.class, CronExpression.class, Engine.class, Execution.class, TestEngine.class)) {
            for (Method method : type.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
                    check(type, method, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(Class<?> type, Method method, List<String> wrong) {
        String name = type.getSimpleName() + "." + method.getName();
        boolean isNullable = method.getAnnotatedReturnType().isAnnotationPresent(Nullable.class);
        boolean isOptional = method.getReturnType() == Optional.class;
        if (isComponent(type, method) ? isOptional : isNullable) {
            wrong.add(name + (isOptional ? " is an Optional in a record" : " returns null"));
        }
        if (Arrays.stream(method.getParameters()).map(Parameter::getType).anyMatch(Optional.class::equals)) {
            wrong.add(name + " takes an Optional");
        }
    }

    private static boolean isComponent(Class<?> type, Method method) {
        return type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getAccessor)
                        .anyMatch(method::equals);
    }
}
