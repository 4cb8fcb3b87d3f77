using System.Text;

namespace Harmony.Gateway.Metrics;

/// <summary>
/// Finds the series of a set of tags without a lock and without allocating. Tags hold names of the configuration, so the table stays small;
/// should something else get in, what is too much is gathered in one series.
/// </summary>
/// <param name="create">Makes a series of labels as they are written.</param>
internal sealed class SeriesTable(Func<string, Series> create)
{
    /// <summary>Series of one metric; beyond that they share one whose label is <c>overflow="true"</c>.</summary>
    public const int MaxSeries = 5000;

    private const int Buckets = 256;

    private readonly Entry?[] _buckets = new Entry?[Buckets];
    private readonly Lock _adding = new();
    private readonly List<Series> _all = [];
    private Series[]? _inOrder = [];
    private Series? _overflow;

    /// <summary>Every series there is, in the order of their labels.</summary>
    public Series[] All
    {
        get
        {
            lock (_adding) return _inOrder ??= [.. _all.OrderBy(s => s.Labels, StringComparer.Ordinal)];
        }
    }

    /// <summary>The series of these tags, made when they are new.</summary>
    public Series Get(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        return Find(tags, hash) ?? Add(tags, hash);
    }

    private Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        for (var entry = Volatile.Read(ref _buckets[hash & (Buckets - 1)]); entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && AreEqual(entry.Tags, tags)) return entry.Series;
        }

        return null;
    }

    private Series Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        lock (_adding)
        {
            if (Find(tags, hash) is { } existing) return existing;
            if (_all.Count >= MaxSeries) return _overflow ??= Keep(create("overflow=\"true\""));
            var series = Keep(create(LabelsOf(tags)));
            ref var bucket = ref _buckets[hash & (Buckets - 1)];
            Volatile.Write(ref bucket, new Entry(hash, tags.ToArray(), series, bucket));
            return series;
        }
    }

    private Series Keep(Series series)
    {
        _all.Add(series);
        _inOrder = null;
        return series;
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (ref readonly var tag in tags) hash = (hash * 31) + (tag.Value?.GetHashCode() ?? 0);
        return hash ^ (hash >>> 16);
    }

    private static bool AreEqual(KeyValuePair<string, object?>[] left, ReadOnlySpan<KeyValuePair<string, object?>> right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            // Nearly always the same objects: tags are put together when the configuration is loaded.
            if (!ReferenceEquals(left[i].Value, right[i].Value) && !Equals(left[i].Value, right[i].Value)) return false;
            if (!ReferenceEquals(left[i].Key, right[i].Key) && left[i].Key != right[i].Key) return false;
        }

        return true;
    }

    /// <summary>An empty label is the same as none, so it is not written.</summary>
    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (ref readonly var tag in tags)
        {
            if (tag.Value?.ToString() is not { Length: > 0 } value) continue;
            if (text.Length > 0) text.Append(',');
            text.Append(MetricNames.LabelOf(tag.Key)).Append("=\"").Append(MetricNames.Escaped(value)).Append('"');
        }

        return text.ToString();
    }

    private sealed record Entry(int Hash, KeyValuePair<string, object?>[] Tags, Series Series, Entry? Next);
}
