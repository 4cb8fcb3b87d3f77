using System.Text.Json;

namespace Harmony.Data.Middleware.Transform;

/// <summary>What a spec in envelope form made, taken apart: <c>data</c> if there is one, else the whole, is the body; <c>context</c> holds changes.</summary>
internal readonly ref struct TransformOutput
{
    /// <summary>How deep an output may nest: as deep as the engine allows, and the envelope.</summary>
    public const int MaxDepth = 1_001;

    private TransformOutput(ReadOnlySpan<byte> body, ReadOnlySpan<byte> context, bool hasBody)
    {
        Body = body;
        Context = context;
        HasBody = hasBody;
    }

    /// <summary>The JSON text of the new body.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The JSON text of <c>context</c>; empty when there is none.</summary>
    public ReadOnlySpan<byte> Context { get; }

    /// <summary>Whether there is a new body: an output of nothing but <c>context</c> changes only that.</summary>
    public bool HasBody { get; }

    /// <summary>An output that is the body and nothing else.</summary>
    public static TransformOutput Whole(ReadOnlySpan<byte> json) => new(json, default, hasBody: true);

    /// <summary>Takes an output apart.</summary>
    /// <param name="json">JSON text that the engine wrote.</param>
    public static TransformOutput Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return Whole(json);

        ReadOnlySpan<byte> data = default, context = default;
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            count++;
            var isData = reader.ValueTextEquals("data"u8);
            var isContext = reader.ValueTextEquals("context"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isData) data = json[start..(int)reader.BytesConsumed];
            if (isContext) context = json[start..(int)reader.BytesConsumed];
        }

        if (!data.IsEmpty) return new TransformOutput(data, context, hasBody: true);
        return new TransformOutput(json, context, hasBody: context.IsEmpty || count > 1);
    }
}
