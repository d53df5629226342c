package dev.pgleader.testing.memory;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of one table. A copy costs nothing until one of the two is written to. One thread. */
final class Table<K, V> {

    private Map<K, V> rows;
    private boolean shared;

    Table() {
        rows = new LinkedHashMap<>();
    }

    private Table(Map<K, V> rows) {
        this.rows = rows;
        this.shared = true;
    }

    Table<K, V> copy() {
        shared = true;
        return new Table<>(rows);
    }

    @Nullable
    V get(K key) {
        return rows.get(key);
    }

    boolean contains(K key) {
        return rows.containsKey(key);
    }

    Collection<K> keys() {
        return rows.keySet();
    }

    Stream<V> rows() {
        return rows.values().stream();
    }

    Stream<Map.Entry<K, V>> entries() {
        return rows.entrySet().stream();
    }

    int size() {
        return rows.size();
    }

    void put(K key, V row) {
        own();
        rows.put(key, row);
    }

    void remove(K key) {
        if (rows.containsKey(key)) {
            own();
            rows.remove(key);
        }
    }

    void removeIf(BiPredicate<K, V> which) {
        if (rows.entrySet().stream().anyMatch(row -> which.test(row.getKey(), row.getValue()))) {
            own();
            rows.entrySet().removeIf(row -> which.test(row.getKey(), row.getValue()));
        }
    }

    private void own() {
        if (shared) {
            rows = new LinkedHashMap<>(rows);
            shared = false;
        }
    }
}
