package io.cloacina.processor;

import io.cloacina.api.annotation.SleepUntil;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Writes the calls that declare the types of what a workflow takes and of what its tasks read and return. */
final class Declarations {
    private final Language language;
    private final Imports imports;
    private final PackageElement from;

    Declarations(Language language, Imports imports, PackageElement from) {
        this.language = language;
        this.imports = imports;
        this.from = from;
    }

    List<String> ofInputs(List<InputModel> inputs) {
        return inputs.stream()
                .map(input -> (input.isRequired() ? ".input(" : ".optionalInput(") + quoted(input.key()) + ", "
                        + token(input.type()) + ")")
                .toList();
    }

    /** @param output null if the task returns nothing, or what it returns is not its output */
    List<String> ofTask(ExecutableElement method, List<Parameter> taken, @Nullable TypeMirror output) {
        Map<String, TypeMirror> reads = new LinkedHashMap<>();
        for (Parameter parameter : taken) {
            if (parameter.kind() == Parameter.Kind.FROM) {
                reads.putIfAbsent(parameter.key(), parameter.type());
            } else if (parameter.kind() == Parameter.Kind.FOR_EACH) {
                reads.putIfAbsent(parameter.key(), language.type(List.class, language.boxed(parameter.type())));
            }
        }
        Mirror.of(method, SleepUntil.class)
                .ifPresent(sleep -> reads.putIfAbsent(sleep.text("value"), language.type(Instant.class)));
        List<String> calls = reads.entrySet().stream()
                .map(read -> ".reads(" + quoted(read.getKey()) + ", " + token(read.getValue()) + ")")
                .collect(Collectors.toCollection(ArrayList::new));
        if (output != null && language.invisible(output, from).isEmpty()) {
            calls.add(".returns(" + token(language.inOptional(output).orElse(output)) + ")");
        }
        return calls;
    }

    private String token(TypeMirror type) {
        return imports.token(language.boxed(type));
    }

    private String quoted(String text) {
        return language.elements().getConstantExpression(text);
    }
}
