using System.Globalization;
using System.Runtime.CompilerServices;
using Harmony.Core.Content;
using Harmony.Core.Faults;

namespace Harmony.Core.Storage;

/// <summary>Objects in memory, gone with the process: for trying things out, and for tests.</summary>
/// <param name="clock">Says when objects were written.</param>
/// <param name="capacity">Bytes that all objects together may have.</param>
public sealed class MemoryStore(TimeProvider clock, long capacity = MemoryStore.UsualCapacity) : IObjectStore
{
    /// <summary>256 MiB.</summary>
    public const long UsualCapacity = 256 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Held> _objects = new(StringComparer.Ordinal);
    private long _used;
    private long _writes;

    /// <inheritdoc/>
    public string Description => "memory";

    /// <inheritdoc/>
    public async ValueTask<WrittenObject> WriteAsync(ObjectName name, Stream content, ObjectWrite how, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(how);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, ct)) > 0)
        {
            if (Volatile.Read(ref _used) + bytes.Length + read > capacity) throw Full();
            bytes.Write(buffer, 0, read);
        }

        lock (_lock) return Place(name, bytes.ToArray(), how);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectStat?> StatAsync(ObjectName name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock) return new(_objects.GetValueOrDefault(name.Text)?.Stat);
    }

    /// <inheritdoc/>
    public ValueTask<StoredObject?> OpenAsync(ObjectName name, ByteRange? range, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
        {
            if (_objects.GetValueOrDefault(name.Text) is not { } held) return default;
            var part = range ?? new ByteRange(0, held.Bytes.Length);
            return new(new StoredObject(new MemoryStream(held.Bytes, (int)part.Start, (int)part.Length, writable: false), held.Stat));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectStat> ListAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken ct)
    {
        List<ObjectStat> found;
        lock (_lock)
        {
            found = [.. _objects.Values.Select(o => o.Stat with { ContentType = ObjectContentType.Of(o.Stat.Name) })
                .Where(s => s.Name.Text.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(s.Name.Text, after) > 0)];
        }

        foreach (var stat in found)
        {
            ct.ThrowIfCancellationRequested();
            yield return stat;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ObjectName name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
        {
            if (!_objects.Remove(name.Text, out var held)) return new(false);
            _used -= held.Bytes.Length;
            return new(true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<WrittenObject?> CopyAsync(ObjectName from, ObjectName to, IfExists ifExists, CancellationToken ct)
    {
        if (await OpenAsync(from, null, ct) is not { } source) return null;
        await using var content = source.Content;
        return await WriteAsync(to, content, new ObjectWrite(ifExists) { ContentType = source.Stat.ContentType }, ct);
    }

    /// <summary>Nothing is ever left behind in memory.</summary>
    public ValueTask<int> CleanUpAsync(CancellationToken ct) => new(0);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private WrittenObject Place(ObjectName name, byte[] bytes, ObjectWrite how)
    {
        var candidate = name;
        for (var version = 2; _objects.GetValueOrDefault(candidate.Text) is { } there; version++)
        {
            if (how.IfExists == IfExists.Refuse) return new WrittenObject(candidate, bytes.Length, WriteOutcome.Refused, there.Stat.ETag);
            if (how.IfExists == IfExists.Overwrite) break;
            if (how.IfExists == IfExists.Keep || there.Bytes.AsSpan().SequenceEqual(bytes))
                return new WrittenObject(candidate, bytes.Length, WriteOutcome.WasThere, there.Stat.ETag);
            candidate = name.Version(version);
        }

        var old = _objects.GetValueOrDefault(candidate.Text);
        if (how.IfMatch is { } wanted && (old is null || !EntityTags.NamesStrongly(wanted, old.Stat.ETag)))
            return new WrittenObject(name, bytes.Length, WriteOutcome.Refused, old?.Stat.ETag ?? "");
        var growth = bytes.Length - (old?.Bytes.Length ?? 0);
        if (_used + growth > capacity) throw Full();
        var stat = new ObjectStat(candidate, bytes.Length, string.Create(CultureInfo.InvariantCulture, $"\"{++_writes:x}\""), clock.GetUtcNow());
        _objects[candidate.Text] = new Held(bytes, how.ContentType is { } type ? stat with { ContentType = type } : stat);
        _used += growth;
        return new WrittenObject(candidate, bytes.Length, WriteOutcome.Written, stat.ETag);
    }

    private GatewayException Full()
        => new(FaultSource.Gateway, FaultKind.StorageFull,
            string.Create(CultureInfo.InvariantCulture, $"a store in memory has no more room than {capacity} bytes"), retryable: true);

    private sealed record Held(byte[] Bytes, ObjectStat Stat);
}
