package io.cloacina.cli.demo;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Tells the language of a file by its name. */
final class Language {
    /** A file whose content is not text, whatever its name. */
    static final String BINARY = "(binary)";

    /** A text whose name says nothing. */
    static final String OTHER = "(other text)";

    private static final Map<String, String> BY_EXTENSION = new HashMap<>();
    private static final Map<String, String> BY_NAME = Map.of(
            "dockerfile", "Docker",
            "makefile", "Make",
            "cmakelists.txt", "CMake",
            "jenkinsfile", "Groovy",
            "gemfile", "Ruby",
            "rakefile", "Ruby",
            "license", "Text",
            "notice", "Text",
            "readme", "Text");

    static {
        language("Java", "java");
        language("Kotlin", "kt kts");
        language("Scala", "scala sbt");
        language("Groovy", "groovy gradle");
        language("Clojure", "clj cljs cljc edn");
        language("Python", "py pyi");
        language("JavaScript", "js mjs cjs jsx");
        language("TypeScript", "ts tsx mts cts");
        language("C", "c h");
        language("C++", "cc cpp cxx hh hpp hxx");
        language("C#", "cs");
        language("F#", "fs fsx");
        language("Go", "go");
        language("Rust", "rs");
        language("Swift", "swift");
        language("Objective-C", "m mm");
        language("Dart", "dart");
        language("Ruby", "rb");
        language("PHP", "php");
        language("Perl", "pl pm");
        language("Lua", "lua");
        language("R", "r");
        language("Julia", "jl");
        language("Haskell", "hs");
        language("OCaml", "ml mli");
        language("Elixir", "ex exs");
        language("Erlang", "erl hrl");
        language("Zig", "zig");
        language("Shell", "sh bash zsh fish");
        language("PowerShell", "ps1");
        language("SQL", "sql");
        language("HTML", "html htm");
        language("CSS", "css scss sass less");
        language("Vue", "vue");
        language("XML", "xml xsd xsl xslt svg");
        language("JSON", "json jsonl ipynb");
        language("YAML", "yml yaml");
        language("TOML", "toml");
        language("Properties", "properties ini cfg conf");
        language("Protobuf", "proto");
        language("Markdown", "md markdown");
        language("TeX", "tex");
        language("CSV", "csv tsv");
        language("Text", "txt rst adoc");
    }

    private Language() {}

    /** The language of a text file with that path. */
    static String of(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String byName = BY_NAME.get(name);
        if (byName != null) {
            return byName;
        }
        int dot = name.lastIndexOf('.');
        return dot < 0 ? OTHER : BY_EXTENSION.getOrDefault(name.substring(dot + 1), OTHER);
    }

    private static void language(String language, String extensions) {
        for (String extension : extensions.split(" ", -1)) {
            BY_EXTENSION.put(extension, language);
        }
    }
}
