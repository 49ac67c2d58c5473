package io.cloacina.spring;

import io.cloacina.api.CloacinaException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints why the engine did not start. The messages of the engine state what to do after the last colon. */
final class CloacinaFailureAnalyzer extends AbstractFailureAnalyzer<CloacinaException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CloacinaException cause) {
        return new FailureAnalysis(
                "Cloacina could not start: " + cause.getMessage(),
                "Do what the message says, or look for the code " + cause.code()
                        + " in docs/reference/errors.md of Cloacina.",
                cause);
    }
}
