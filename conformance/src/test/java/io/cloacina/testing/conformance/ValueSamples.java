package io.cloacina.testing.conformance;

import io.cloacina.api.TypeOf;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Values of all kinds that can be JSON, chosen at random with their extremes, and the types that they are read as. */
final class ValueSamples {
    private static final int MAX_DEPTH = 4;

    private final Random random;

    ValueSamples(long seed) {
        this.random = new Random(seed);
    }

    /**
     * A value that is given.
     *
     * @param given it; a new one each time that is of use once only
     * @param type that it is read as
     * @param expected what it is then
     */
    record Sample<T>(Object given, TypeOf<T> type, T expected) {}

    enum Plain {
        ONE,
        TWO
    }

    /** Its constants have classes of their own. */
    enum Bodied {
        PLUS {
            @Override
            int of(int a, int b) {
                return a + b;
            }
        },
        TIMES {
            @Override
            int of(int a, int b) {
                return a * b;
            }
        };

        abstract int of(int a, int b);
    }

    record Numbers(
            byte tiny,
            short small,
            int usual,
            long large,
            float single,
            double twice,
            Long boxed,
            BigInteger whole,
            BigDecimal decimal) {}

    record Nested(String name, List<Nested> children, Optional<Nested> first, Map<Plain, int[]> numbers, Object any) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Nested that
                    && name.equals(that.name)
                    && children.equals(that.children)
                    && first.equals(that.first)
                    && numbers.keySet().equals(that.numbers.keySet())
                    && numbers.entrySet().stream()
                            .allMatch(each -> Arrays.equals(each.getValue(), that.numbers.get(each.getKey())))
                    && any.equals(that.any);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    /** With a setter and getters instead of components. */
    static final class Bean {
        private int count;
        private List<String> names = List.of();

        public int getCount() {
            return count;
        }

        public void setCount(int count) {
            this.count = count;
        }

        public List<String> getNames() {
            return names;
        }

        public void setNames(List<String> names) {
            this.names = names;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bean bean && bean.count == count && bean.names.equals(names);
        }

        @Override
        public int hashCode() {
            return count;
        }
    }

    private static <T> Sample<T> sample(T value, TypeOf<T> type) {
        return new Sample<>(value, type, value);
    }

    /** One of each kind. */
    List<Sample<?>> all() {
        List<Sample<?>> all = new ArrayList<>();
        addSimple(all);
        addTimes(all);
        addContainers(all);
        addClasses(all);
        return all;
    }

    @SuppressWarnings("UnnecessaryStringBuilder") // it is the value
    private void addSimple(List<Sample<?>> all) {
        double twice = twice();
        float single = single();
        all.add(sample(random.nextBoolean(), new TypeOf<>() {}));
        all.add(sample((byte) integer(), new TypeOf<>() {}));
        all.add(sample((short) integer(), new TypeOf<>() {}));
        all.add(sample(integer(), new TypeOf<>() {}));
        all.add(sample(large(), new TypeOf<>() {}));
        all.add(sample(single, new TypeOf<>() {}));
        all.add(sample(twice, new TypeOf<>() {}));
        all.add(sample(whole(), new TypeOf<>() {}));
        all.add(sample(decimal(), new TypeOf<>() {}));
        all.add(sample(text().isEmpty() ? 'x' : (char) (0x20 + random.nextInt(0xD000)), new TypeOf<>() {}));
        all.add(sample(text(), new TypeOf<>() {}));
        all.add(new Sample<>(new StringBuilder("built"), new TypeOf<>() {}, "built"));
        all.add(sample(new UUID(random.nextLong(), random.nextLong()), new TypeOf<>() {}));
        all.add(sample(URI.create("https://example.org/" + integer() + "?q=%20"), new TypeOf<>() {}));
        all.add(sample(pick(Locale.GERMANY, Locale.ROOT, Locale.forLanguageTag("zh-Hans-CN")), new TypeOf<>() {}));
        all.add(sample(Currency.getInstance("EUR"), new TypeOf<>() {}));
        all.add(sample(pick(Plain.values()), new TypeOf<>() {}));
        all.add(sample(pick(Bodied.values()), new TypeOf<>() {}));
        all.add(sample(pick(TimeUnit.values()), new TypeOf<>() {}));
        all.add(new Sample<>(new AtomicInteger(7), new TypeOf<>() {}, 7));
        all.add(new Sample<>(new AtomicLong(Long.MIN_VALUE), new TypeOf<>() {}, Long.MIN_VALUE));
    }

    private void addTimes(List<Sample<?>> all) {
        all.add(sample(
                pick(Instant.MIN, Instant.EPOCH, Instant.MAX, Instant.ofEpochMilli(random.nextLong() >> 8)),
                new TypeOf<>() {}));
        all.add(sample(pick(LocalDate.MIN, LocalDate.MAX, LocalDate.ofEpochDay(integer())), new TypeOf<>() {}));
        all.add(sample(pick(LocalTime.MIN, LocalTime.MAX, LocalTime.NOON), new TypeOf<>() {}));
        all.add(sample(pick(LocalDateTime.MIN, LocalDateTime.MAX), new TypeOf<>() {}));
        all.add(sample(
                pick(OffsetDateTime.MIN, OffsetDateTime.MAX, OffsetDateTime.parse("2026-03-01T12:30:00.1+02:00")),
                new TypeOf<>() {}));
        all.add(sample(pick(OffsetTime.MIN, OffsetTime.MAX), new TypeOf<>() {}));
        all.add(sample(
                ZonedDateTime.of(
                        LocalDateTime.of(2026, 10, 25, 2, 30), pick(ZoneId.of("Europe/Berlin"), ZoneOffset.UTC)),
                new TypeOf<>() {}));
        all.add(sample(
                pick(Year.of(Year.MIN_VALUE), Year.of(Year.MAX_VALUE), Year.of(2026), Year.of(-5), Year.of(0)),
                new TypeOf<>() {}));
        all.add(sample(
                pick(YearMonth.of(2026, 2), YearMonth.of(Year.MAX_VALUE, 12), YearMonth.of(Year.MIN_VALUE, 1)),
                new TypeOf<>() {}));
        all.add(sample(MonthDay.of(2, 29), new TypeOf<>() {}));
        all.add(sample(pick(DayOfWeek.values()), new TypeOf<>() {}));
        all.add(sample(
                pick(
                        Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                        Duration.ofSeconds(Long.MIN_VALUE),
                        Duration.ofNanos(large())),
                new TypeOf<>() {}));
        all.add(sample(pick(Period.of(Integer.MAX_VALUE, Integer.MIN_VALUE, -1), Period.ZERO), new TypeOf<>() {}));
        all.add(sample(pick(ZoneOffset.MAX, ZoneOffset.MIN), new TypeOf<>() {}));
        all.add(sample(ZoneId.of("America/New_York"), new TypeOf<>() {}));
    }

    private void addContainers(List<Sample<?>> all) {
        List<Long> numbers = List.of(large(), 1L, large());
        byte[] bytes = new byte[random.nextInt(50)];
        random.nextBytes(bytes);
        all.add(sample(numbers, new TypeOf<>() {}));
        all.add(sample(new TreeSet<>(numbers), new TypeOf<>() {}));
        all.add(sample(Set.of(text()), new TypeOf<>() {}));
        all.add(new Sample<>(new ArrayDeque<>(numbers), new TypeOf<>() {}, numbers));
        all.add(sample(bytes, new TypeOf<>() {}));
        all.add(sample(ByteBuffer.wrap(bytes), new TypeOf<>() {}));
        all.add(sample(new byte[][] {bytes, {}}, new TypeOf<>() {}));
        all.add(sample(text().toCharArray(), new TypeOf<>() {}));
        all.add(sample(new int[] {integer(), 0}, new TypeOf<>() {}));
        all.add(sample(new long[] {large(), 0}, new TypeOf<>() {}));
        all.add(sample(new double[] {twice(), Double.NaN}, new TypeOf<>() {}));
        all.add(sample(new float[] {single()}, new TypeOf<>() {}));
        all.add(sample(new boolean[] {true, false}, new TypeOf<>() {}));
        all.add(sample(new String[][] {{text()}, {}}, new TypeOf<>() {}));
        all.add(sample(List.of(twice(), Double.NaN, Double.NEGATIVE_INFINITY), new TypeOf<>() {}));
        all.add(sample(Arrays.asList(text(), null, text()), new TypeOf<>() {}));
        all.add(sample(Collections.nCopies(12_000, integer()), new TypeOf<>() {}));
        all.add(sample(Map.of(text(), large(), text() + 1, 2L), new TypeOf<>() {}));
        all.add(sample(Map.of(integer(), List.of(decimal())), new TypeOf<>() {}));
        all.add(sample(new TreeMap<>(Map.of(LocalDate.MAX, single())), new TypeOf<TreeMap<LocalDate, Float>>() {}));
        all.add(sample(Map.of(new UUID(1, 2), text()), new TypeOf<>() {}));
        all.add(sample(Map.of(decimal(), true), new TypeOf<>() {}));
        all.add(sample(Map.of(URI.create("a:b"), 'c'), new TypeOf<>() {}));
        all.add(sample(Map.of(Bodied.TIMES, Plain.ONE), new TypeOf<>() {}));
        all.add(sample(EnumSet.allOf(Bodied.class), new TypeOf<EnumSet<Bodied>>() {}));
        all.add(sample(new EnumMap<>(Map.of(Plain.TWO, 'x')), new TypeOf<EnumMap<Plain, Character>>() {}));
        all.add(sample(Optional.of(large()), new TypeOf<>() {}));
        all.add(sample(OptionalInt.of(integer()), new TypeOf<>() {}));
        all.add(sample(OptionalLong.of(large()), new TypeOf<>() {}));
        all.add(sample(OptionalDouble.of(1.5), new TypeOf<>() {}));
        all.add(new Sample<>(
                (Iterable<Integer>) () -> IntStream.range(0, 3).iterator(), new TypeOf<>() {}, List.of(0, 1, 2)));
        all.add(new Sample<>(Stream.of(1, 2), new TypeOf<>() {}, List.of(1, 2)));
        all.add(new Sample<>(List.of(1, 2).iterator(), new TypeOf<>() {}, List.of(1, 2)));
        all.add(new Sample<>(Map.entry("a", 1), new TypeOf<>() {}, Map.of("a", 1)));
    }

    private void addClasses(List<Sample<?>> all) {
        Bean bean = new Bean();
        bean.setCount(integer());
        bean.setNames(List.of(text()));
        all.add(sample(bean, new TypeOf<>() {}));
        all.add(sample(
                new Numbers((byte) 1, (short) -1, integer(), large(), 0.1f, twice(), large(), whole(), decimal()),
                new TypeOf<>() {}));
        all.add(sample(nested(MAX_DEPTH), new TypeOf<>() {}));
    }

    private Nested nested(int depth) {
        List<Nested> children = new ArrayList<>();
        for (int i = depth == 0 ? 0 : random.nextInt(3); i > 0; i--) {
            children.add(nested(depth - 1));
        }
        return new Nested(
                text(),
                children,
                children.stream().findFirst(),
                Map.of(pick(Plain.values()), new int[] {integer()}),
                Map.of("list", List.of(1, "two", new BigDecimal("3.0"), true)));
    }

    /** Whatever may be in a context without a type: nested lists and maps of simple values of all classes. */
    Object any() {
        return any(MAX_DEPTH);
    }

    private Object any(int depth) {
        return switch (random.nextInt(depth == 0 ? 11 : 14)) {
            case 0 -> integer();
            case 1 -> large();
            case 2 -> twice();
            case 3 -> single();
            case 4 -> whole();
            case 5 -> decimal();
            case 6 -> (short) integer();
            case 7 -> (byte) integer();
            case 8 -> new byte[] {(byte) integer()};
            case 9 -> Instant.ofEpochSecond(integer());
            case 10 -> text();
            case 11 ->
                Stream.generate(() -> any(depth - 1)).limit(random.nextInt(4)).toList();
            case 12 ->
                Stream.generate(() -> any(depth - 1)).limit(random.nextInt(4)).toArray();
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(), any(depth - 1));
                }
                yield map;
            }
        };
    }

    @SafeVarargs
    private <T> T pick(T... all) {
        return all[random.nextInt(all.length)];
    }

    private int integer() {
        return pick(0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt(), random.nextInt(1_000));
    }

    private long large() {
        return pick(0L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 31, -(1L << 31), -(1L << 31) - 1, random.nextLong());
    }

    private double twice() {
        return pick(
                0.1,
                -0.0,
                Double.parseDouble("1e23"),
                2e-3,
                100.0,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                random.nextGaussian(),
                Double.longBitsToDouble(random.nextLong()));
    }

    private float single() {
        return pick(
                0.1f,
                -0.0f,
                1e10f,
                Float.MIN_VALUE,
                Float.MAX_VALUE,
                Float.NaN,
                Float.NEGATIVE_INFINITY,
                Float.intBitsToFloat(random.nextInt()));
    }

    private BigInteger whole() {
        return pick(
                BigInteger.ZERO,
                BigInteger.valueOf(large()),
                BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE),
                new BigInteger(random.nextInt(5_000), random).negate());
    }

    private BigDecimal decimal() {
        return pick(
                new BigDecimal("1.00"),
                new BigDecimal("100"),
                new BigDecimal("1E+2"),
                new BigDecimal("0E-12"),
                new BigDecimal("1E+1000000000"),
                new BigDecimal("-1.5E-1000000000"),
                new BigDecimal(BigInteger.TEN, Integer.MIN_VALUE + 2),
                new BigDecimal(BigInteger.TEN, Integer.MAX_VALUE),
                new BigDecimal(whole(), random.nextInt(3_000) - 1_000));
    }

    private String text() {
        int length = pick(0, 1, 5, 60);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int point =
                    pick((int) 'a', 0, (int) '"', (int) '\\', 0x7F, 0x2028, 0xFFFF, 0x1F600, random.nextInt(0x10FFFF));
            text.appendCodePoint(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? '?' : point);
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
