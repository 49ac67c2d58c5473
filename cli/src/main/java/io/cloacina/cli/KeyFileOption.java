package io.cloacina.cli;

import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.AesGcmCodec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The keys with which a command reads and stores values. */
final class KeyFileOption {
    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            defaultValue = "${env:CLOACINA_KEY_FILE}",
            description = {
                "The keys of encrypted values, a line ID:BASE64 each.",
                "Default: the environment variable CLOACINA_KEY_FILE,",
                "otherwise values are stored as they are given."
            })
    private @Nullable Path file;

    EngineBuilder addTo(EngineBuilder builder) {
        return file == null ? builder : builder.payloadCodec(AesGcmCodec.ofFile(file));
    }
}
