using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Faults;

namespace Harmony.Fhir.Middleware.SmartScopes;

/// <summary>
/// Filters the entries of a Bundle that passes. One entry at a time is in memory. Members that no Bundle has are left out, and a response that is no Bundle
/// breaks off: what cannot be judged is not shown.
/// </summary>
/// <param name="source">The Bundle as the server sends it.</param>
/// <param name="remains">Says of an entry whether it remains.</param>
/// <param name="hasTotal">Whether the number of all matches is shown.</param>
/// <param name="mostBytes">Bytes of the longest entry.</param>
internal sealed class EntryFilterStream(Stream source, Func<JsonObject, bool> remains, bool hasTotal, long mostBytes) : RewritingStream(source, mostBytes)
{
    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "resourceType", "id", "meta", "implicitRules", "language", "identifier", "type", "timestamp", "link", "extension", "total",
    };

    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = Core.Envelope.Body.MaxJsonDepth, AllowDuplicateProperties = false };

    private bool _isFirstMember = true, _isFirstEntry;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = Core.Envelope.Body.MaxJsonDepth });
    private Place _place;

    private enum Place
    {
        Start,
        Members,
        Entries,
        End,
    }

    /// <inheritdoc/>
    protected override int Rewrite(ReadOnlySpan<byte> input, bool isLast)
    {
        var used = 0;
        try
        {
            while (_place != Place.End && TryStep(input[used..], isLast, out var count)) used += count;
        }
        catch (JsonException e)
        {
            throw Broken("is not JSON", e);
        }

        if (_place == Place.End) return input.Length;
        return isLast ? throw Broken("ends too early") : used;
    }

    /// <inheritdoc/>
    protected override Exception TooLong(long most) => Broken($"has an entry of more than content_limits.max_body_size = {most} bytes");

    private bool TryStep(ReadOnlySpan<byte> input, bool isLast, out int used)
    {
        var reader = new Utf8JsonReader(input, isLast, _state);
        used = 0;
        if (!reader.Read()) return false;
        switch (_place)
        {
            case Place.Start:
                if (reader.TokenType != JsonTokenType.StartObject) throw Broken("is no object");
                Output.Write("{"u8);
                _place = Place.Members;
                break;
            case Place.Entries:
                if (!TryEntry(ref reader, input)) return false;
                break;
            default:
                if (!TryMember(ref reader, input)) return false;
                break;
        }

        used = (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return true;
    }

    private bool TryMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> input)
    {
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            Output.Write("}"u8);
            _place = Place.End;
            return true;
        }

        var name = reader.GetString()!;
        if (!reader.Read()) return false;
        var start = (int)reader.TokenStartIndex;
        var isEntries = name == "entry" && reader.TokenType == JsonTokenType.StartArray;
        if (!isEntries && !reader.TrySkip()) return false;
        if (name == "resourceType" && !(reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Bundle"u8))) throw Broken("is no Bundle");
        if (isEntries ? false : !Members.Contains(name) || (name == "total" && !hasTotal)) return true;
        Output.Write(_isFirstMember ? "\""u8 : ",\""u8);
        _isFirstMember = false;
        Output.Write(System.Text.Encoding.UTF8.GetBytes(name));
        Output.Write("\":"u8);
        if (!isEntries)
        {
            Output.Write(input[start..(int)reader.BytesConsumed]);
            return true;
        }

        Output.Write("["u8);
        (_place, _isFirstEntry) = (Place.Entries, true);
        return true;
    }

    private bool TryEntry(ref Utf8JsonReader reader, ReadOnlySpan<byte> input)
    {
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            Output.Write("]"u8);
            _place = Place.Members;
            return true;
        }

        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip()) return false;
        var bytes = input[start..(int)reader.BytesConsumed];
        if (JsonNode.Parse(bytes, documentOptions: Parsing) is not JsonObject entry || !remains(entry)) return true;
        if (!_isFirstEntry) Output.Write(","u8);
        _isFirstEntry = false;
        Output.Write(bytes);
        return true;
    }

    private static GatewayException Broken(string what, Exception? cause = null)
        => new(FaultSource.Backend, FaultKind.Protocol, $"the response of the server {what}, so it cannot be shown in part", cause);
}
