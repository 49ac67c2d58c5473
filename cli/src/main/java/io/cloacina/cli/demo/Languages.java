package io.cloacina.cli.demo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Tells the language of a file by its name. */
final class Languages {
    /** A file whose content is not text, whatever its name. */
    static final String BINARY = "(binary)";

    private static final String OTHER = "(other text)";

    /** Languages with their extensions, and with whole names of files. */
    private static final String KNOWN = """
            C .c .h, C# .cs, C++ .cc .cpp .cxx .hh .hpp .hxx, Clojure .clj .cljc .cljs .edn, CMake .cmake cmakelists.txt,
            CSS .css .less .sass .scss, CSV .csv .tsv, Dart .dart, Docker dockerfile, Elixir .ex .exs, Erlang .erl .hrl,
            F# .fs .fsx, Go .go, Groovy .gradle .groovy jenkinsfile, Haskell .hs, HTML .htm .html, Java .java,
            JavaScript .cjs .js .jsx .mjs, JSON .ipynb .json .jsonl, Julia .jl, Kotlin .kt .kts, Lua .lua, Make makefile,
            Markdown .markdown .md, Objective-C .m .mm, OCaml .ml .mli, Perl .pl .pm, PHP .php, PowerShell .ps1,
            Properties .cfg .conf .ini .properties, Protobuf .proto, Python .py .pyi, R .r, Ruby .rb gemfile rakefile,
            Rust .rs, Scala .sbt .scala, Shell .bash .fish .sh .zsh, SQL .sql, Swift .swift, TeX .tex,
            Text .adoc .rst .txt license notice readme, TOML .toml, TypeScript .cts .mts .ts .tsx, Vue .vue,
            XML .svg .xml .xsd .xsl .xslt, YAML .yaml .yml, Zig .zig
            """;

    private static final Map<String, String> BY_NAME = new HashMap<>();

    static {
        for (String known : KNOWN.strip().split(",\\s+", -1)) {
            String[] words = known.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                BY_NAME.put(words[i], words[0]);
            }
        }
    }

    private Languages() {}

    /** The language of a text file. */
    static String of(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        String byWholeName = BY_NAME.get(name);
        int dot = name.lastIndexOf('.');
        return byWholeName != null || dot < 0
                ? BY_NAME.getOrDefault(name, OTHER)
                : BY_NAME.getOrDefault(name.substring(dot), OTHER);
    }
}
