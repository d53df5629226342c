package dev.pgleader.architecture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One Java file as text, and what is untidy about it. Counts braces; knows no grammar. */
final class SourceFile {
    private static final int MAX_FILE_LINES = 299;
    private static final int MAX_METHOD_LINES = 60;

    /** Comments, text blocks, strings and characters: nothing in them is code. */
    private static final Pattern NOT_CODE = Pattern.compile("(?s)/[*].*?[*]/|//[^\\n]*"
            + "|\"\"\"(?:[^\"\\\\]++|\\\\.|\"(?!\"\"))*+\"\"\""
            + "|\"(?:\\\\.|[^\"\\\\\\n])*+\""
            + "|'(?:\\\\.|[^'\\\\\\n])+'");

    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record)\\s+(\\w+)");
    private static final Pattern METHOD = Pattern.compile("(?s).*\\b(\\w+)\\s*\\(.*\\)[^()=]*");
    private static final Pattern COMPACT_CONSTRUCTOR =
            Pattern.compile("(?s)\\s*(?:(?:public|protected|private)\\s+)?([A-Z]\\w*)\\s*");
    private static final Pattern NOT_A_METHOD =
            Pattern.compile("(?s).*(\\b(if|for|while|switch|catch|synchronized|try|new|record)\\b|->|=).*");

    private static final Pattern BAD_NAME =
            Pattern.compile("\\w*(Manager|Helper|Util|Utils|Impl)|Abstract\\w*|I[A-Z][a-z]\\w*");

    /** The last holds the whole of PostgreSQL in memory to unpack it; our own {@code EmbeddedServer} streams it. */
    private static final Pattern BAD_CODE = Pattern.compile("Thread[.]sleep|@Disabled\\w*|\\bEmbeddedPostgres\\b");

    private static final Pattern BAD_WORD = Pattern.compile("\\b(TO[D]O|FIX[M]E|XX[X])\\b");

    private final String name;
    private final String text;
    private final String code;

    SourceFile(String name, String text) {
        this.name = name;
        this.text = text;
        this.code = NOT_CODE.matcher(text).replaceAll(found -> blank(found.group()));
    }

    List<String> faults() {
        List<String> faults = new ArrayList<>();
        find(BAD_WORD, text, faults);
        find(BAD_CODE, code, faults);
        Matcher types = TYPE.matcher(code);
        while (types.find()) {
            if (BAD_NAME.matcher(types.group(1)).matches()) {
                faults.add(name + ": the name " + types.group(1) + " says nothing");
            }
        }
        return faults;
    }

    /** Lengths are for main code; a test may be as long as its table of cases. */
    List<String> lengthFaults() {
        List<String> faults = new ArrayList<>();
        long lines = text.lines().count();
        if (lines > MAX_FILE_LINES) {
            faults.add(name + ": " + lines + " lines");
        }
        for (Method method : methods()) {
            if (method.lines() > MAX_METHOD_LINES) {
                faults.add(name + ": " + method.name() + " has " + method.lines() + " lines");
            }
        }
        return faults;
    }

    private void find(Pattern pattern, String where, List<String> faults) {
        Matcher found = pattern.matcher(where);
        while (found.find()) {
            faults.add(name + ":" + lineAt(where, found.start()) + ": " + found.group());
        }
    }

    private record Method(String name, int lines) {}

    private record Brace(int header, int start) {}

    private List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        Deque<Brace> open = new ArrayDeque<>();
        int header = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c == '{') {
                open.push(new Brace(header, i));
            } else if (c == '}' && !open.isEmpty()) {
                Brace brace = open.pop();
                String called = methodName(code.substring(brace.header(), brace.start()));
                if (!called.isEmpty()) {
                    methods.add(new Method(called, lineAt(code, i) - lineAt(code, brace.start()) + 1));
                }
            }
            if (c == '{' || c == '}' || c == ';') {
                header = i + 1;
            }
        }
        return methods;
    }

    /** The name of the method that this header begins, or nothing if it begins something else. */
    private static String methodName(String header) {
        String plain = header.replaceAll("@\\w+(\\([^()]*\\))?", "");
        if (NOT_A_METHOD.matcher(plain).matches()) {
            return "";
        }
        Matcher method = METHOD.matcher(plain);
        if (method.matches()) {
            return method.group(1);
        }
        Matcher constructor = COMPACT_CONSTRUCTOR.matcher(plain);
        return constructor.matches() ? constructor.group(1) : "";
    }

    private static int lineAt(String where, int index) {
        return 1
                + (int) where.substring(0, index).chars().filter(c -> c == '\n').count();
    }

    private static String blank(String found) {
        return Matcher.quoteReplacement(found.replaceAll("[^\\n]", " "));
    }
}
