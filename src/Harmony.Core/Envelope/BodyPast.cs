using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Core.Envelope;

/// <summary>What a <see cref="Body"/> was before a step put something else in its place; few bodies have a past.</summary>
internal sealed class BodyPast : IDisposable
{
    private readonly List<BodySource> _sources = [];
    private JsonNode? _data;
    private ReadOnlyMemory<byte> _text;
    private bool _hasSnapshot;

    /// <summary>Whether what was received has been replaced.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Bytes received; null where nobody counted them.</summary>
    public long? ReceivedLength { get; set; }

    /// <summary>Keeps an earlier source until the message ends, because what took its place may read from it.</summary>
    public void Own(BodySource source) => _sources.Add(source);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
    }

    /// <summary>Keeps what is about to be replaced; only the first time.</summary>
    /// <param name="data">The data.</param>
    /// <param name="text">Text that nobody has parsed; empty where there are data, or neither.</param>
    public void Keep(JsonNode? data, ReadOnlyMemory<byte> text)
    {
        if (!_hasSnapshot) (_data, _text, _hasSnapshot) = (data, text, true);
    }

    /// <summary>The data that were kept; null where there are none, or the text is no JSON.</summary>
    public JsonNode? ReadSnapshot()
    {
        if (_text.IsEmpty) return _data;
        try
        {
            return JsonText.Parse(_text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
