package io.cloacina.processor;

import javax.annotation.processing.Messager;
import javax.tools.Diagnostic;

/** Reports problems to the compiler and remembers whether there were any. */
final class Reporter {
    private final Messager messager;
    private boolean clean = true;

    Reporter(Messager messager) {
        this.messager = messager;
    }

    void report(Message message, Place place, Object... arguments) {
        clean = false;
        messager.printMessage(
                Diagnostic.Kind.ERROR, message.text(arguments), place.element(), place.annotation(), place.value());
    }

    /** What keeps nothing from being written but that. */
    void warn(Message message, Place place, Object... arguments) {
        messager.printMessage(
                Diagnostic.Kind.WARNING, message.text(arguments), place.element(), place.annotation(), place.value());
    }

    boolean isClean() {
        return clean;
    }
}
