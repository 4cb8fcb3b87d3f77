using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Harmony.Core.Faults;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>
/// Reads the JSON of an answer item by item, however many there are: those of an array, or of one member of an object; the other members are
/// kept in <see cref="Members"/>. Arrays called <c>instances</c>, which only describe what is in files, are passed over.
/// </summary>
/// <param name="stream">The body.</param>
/// <param name="array">Name of the member whose items are read.</param>
/// <param name="maxItem">Most bytes of one item or member.</param>
internal sealed class AnswerItems(Stream stream, string array, long maxItem)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256, CommentHandling = JsonCommentHandling.Disallow };

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private JsonReaderState _state = new(Options);
    private Place _place;
    private bool _isInObject;

    private enum Place
    {
        Root,
        Members,
        Items,
        PassedOver,
        End,
    }

    /// <summary>The members of an object, as far as they have been read; all when the items have come to their end.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members => _members;

    /// <exception cref="GatewayException"><see cref="FaultKind.Protocol"/> of the backend: it is no JSON, or an item is too large.</exception>
    public async IAsyncEnumerable<JsonElement> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        while (_place != Place.End)
        {
            var read = await pipe.ReadAsync(ct);
            var buffer = read.Buffer;
            if (read.IsCompleted && buffer.IsEmpty && _place == Place.Root) break;
            while (Next(ref buffer, read.IsCompleted, out var item))
            {
                if (item is { } found) yield return found;
            }

            if (read.IsCompleted && _place != Place.End) throw NoJson("it ends too early");
            if (buffer.Length > maxItem) throw new GatewayException(FaultSource.Backend, FaultKind.Protocol,
                $"an item of the response is larger than content_limits.max_body_size = {maxItem} bytes");
            pipe.AdvanceTo(buffer.Start, buffer.End);
        }

        await pipe.CompleteAsync();
    }

    /// <summary>Takes one step.</summary>
    /// <returns>False where it takes more bytes, or nothing is left.</returns>
    private bool Next(ref ReadOnlySequence<byte> buffer, bool isFinal, out JsonElement? item)
    {
        item = null;
        if (_place == Place.End) return false;
        var reader = new Utf8JsonReader(buffer, isFinal && !buffer.IsEmpty, _state);
        try
        {
            if (!reader.Read() || !Take(ref reader, out item)) return false;
        }
        catch (JsonException e)
        {
            throw NoJson($"line {e.LineNumber + 1}, byte {e.BytePositionInLine}");
        }

        _state = reader.CurrentState;
        buffer = buffer.Slice(reader.Position);
        return true;
    }

    private bool Take(ref Utf8JsonReader reader, out JsonElement? item)
    {
        item = null;
        switch (_place)
        {
            case Place.Root:
                _isInObject = reader.TokenType == JsonTokenType.StartObject;
                if (!_isInObject && reader.TokenType != JsonTokenType.StartArray) throw NoJson("it is neither an object nor an array");
                _place = _isInObject ? Place.Members : Place.Items;
                return true;
            case Place.Members when reader.TokenType == JsonTokenType.EndObject:
                _place = Place.End;
                return true;
            case Place.Members:
                return TakeMember(ref reader);
            case var _ when reader.TokenType == JsonTokenType.EndArray:
                _place = _isInObject ? Place.Members : Place.End;
                return true;
            default:
                if (!JsonDocument.TryParseValue(ref reader, out var document)) return false;
                using (document) item = _place == Place.Items ? document.RootElement.Clone() : null;
                return true;
        }
    }

    private bool TakeMember(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        if (!reader.Read()) return false;
        if (reader.TokenType == JsonTokenType.StartArray && (name == array || name == "instances"))
        {
            _place = name == array ? Place.Items : Place.PassedOver;
            return true;
        }

        if (!JsonDocument.TryParseValue(ref reader, out var document)) return false;
        using (document) _members[name] = document.RootElement.Clone();
        return true;
    }

    private static GatewayException NoJson(string reason)
        => new(FaultSource.Backend, FaultKind.Protocol, $"the response is not JSON that can be converted for DICOM clients: {reason}");
}
