using System.Security.Cryptography;
using System.Text.Json;
using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Json;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>The results of a search, written.</summary>
/// <param name="Count">How many.</param>
/// <param name="ContentType">In which form.</param>
/// <param name="Body">The bytes.</param>
/// <param name="ETag">Their validator; null for a form that is written in another way each time.</param>
/// <param name="IsMore">Whether there are more than were asked for.</param>
internal sealed record SearchResults(int Count, string ContentType, ReadOnlyMemory<byte> Body, string? ETag, bool IsMore);

/// <summary>
/// Results of searches, kept for a short time so that a repeated search, such as a refreshed work list, does not query the archive. A request is
/// looked up here after all rules have admitted it; the key holds everything that the results depend on, and the user: the archive, the keys as the middleware
/// of the pipeline have left them, what is returned and how, where it is sent, identity and claims. So a client never gets the results of another client.
/// </summary>
/// <param name="keep">How long results stay.</param>
/// <param name="maxBytes">Most bytes of all; the oldest go first.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class SearchCache(TimeSpan keep, long maxBytes, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byAge = [];
    private long _bytes;
    private long _generation;

    /// <summary>The results of a search, unless they are kept; those that are found are kept.</summary>
    /// <param name="key">The search; see <see cref="KeyOf"/>.</param>
    /// <param name="search">Asks the archive.</param>
    public async ValueTask<SearchResults> GetAsync(string key, Func<ValueTask<SearchResults>> search)
    {
        if (Find(key) is { } kept) return kept;
        var generation = Interlocked.Read(ref _generation);
        var found = await search();
        Add(key, found, generation);
        return found;
    }

    /// <summary>Something was stored: what was found before may be less than there is.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _generation++; // searches that are under way do not count either
            _byKey.Clear();
            _byAge.Clear();
            _bytes = 0;
        }
    }

    /// <summary>Everything that the results of a search depend on, in a few bytes.</summary>
    /// <param name="archive">Where it is done.</param>
    /// <param name="request">The search, as the middleware has changed it.</param>
    /// <param name="web">What is returned.</param>
    /// <param name="form">The media type.</param>
    /// <param name="keys">What is looked for.</param>
    public static string KeyOf(IArchive archive, RequestEnvelope request, DicomWebRequest web, string form, DicomDataSet keys)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray(); // of strings and arrays, so that no text can pass for another
            string[] of = [archive.Name, form, web.BaseUrl, web.Resource.Level.ToString(), web.Resource.EntityPath, $"{web.Search!.Limit} {web.Search.Offset}"];
            WriteAll(json, of);
            WriteAll(json, SearchPlan.ReturnKeys(web).Concat(web.Search.Included).Select(t => t.ToHex()));
            json.WriteBase64StringValue(DicomJsonWriter.ToUtf8(keys));
            json.WriteStringValue(request.Identity?.Subject);
            WriteAll(json, InOrder(request.Identity?.Claims));
            WriteAll(json, InOrder(request.Target?.Metadata));
            json.WriteEndArray();
        }

        return Convert.ToHexString(SHA256.HashData(text.ToArray()));
    }

    private static IEnumerable<string> InOrder(IEnumerable<KeyValuePair<string, string>>? pairs)
        => (pairs ?? []).OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => new[] { p.Key, p.Value });

    private static void WriteAll(Utf8JsonWriter json, IEnumerable<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private SearchResults? Find(string key)
    {
        lock (_lock)
        {
            RemoveWhile(e => clock.GetElapsedTime(e.Found) >= keep);
            return _byKey.TryGetValue(key, out var node) ? node.Value.Results : null;
        }
    }

    private void Add(string key, SearchResults results, long generation)
    {
        if (results.Body.Length > maxBytes) return;
        lock (_lock)
        {
            if (generation != _generation) return;
            if (_byKey.Remove(key, out var older)) Remove(older);
            _byKey[key] = _byAge.AddLast(new Entry(key, results, clock.GetTimestamp()));
            _bytes += SizeOf(results);
            RemoveWhile(_ => _bytes > maxBytes);
        }
    }

    private void RemoveWhile(Func<Entry, bool> condition)
    {
        while (_byAge.First is { } oldest && condition(oldest.Value))
        {
            _byKey.Remove(oldest.Value.Key);
            Remove(oldest);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byAge.Remove(node);
        _bytes -= SizeOf(node.Value.Results);
    }

    /// <summary>Small results cost something, too.</summary>
    private static long SizeOf(SearchResults results) => results.Body.Length + 512;

    private sealed record Entry(string Key, SearchResults Results, long Found);
}
