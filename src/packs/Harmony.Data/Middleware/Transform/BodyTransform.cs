using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Json;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Jolt;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Applies a spec to the body of a message, text to text: no tree is made of what goes in or comes out.</summary>
/// <param name="spec">The spec.</param>
/// <param name="isEnvelope">Whether it is given <c>{data, context}</c> rather than the body alone.</param>
/// <param name="trace">Sees the document after each operation, or null.</param>
internal sealed class BodyTransform(TransformSpec spec, bool isEnvelope, IJoltTrace? trace)
{
    private const int RoomForContext = 4 * 1024;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ContextUse _context = isEnvelope ? spec.Reads.Context : ContextUse.None;

    /// <summary>Whether there may be something to do without a body: the context alone can be worth transforming.</summary>
    public bool WorksWithoutBody => !_context.IsNone || spec.Reads.RefersToContext;

    /// <summary>Transforms a request.</summary>
    /// <param name="request">The request; changed only when everything went well.</param>
    /// <param name="data">Its body as data.</param>
    /// <exception cref="JoltException">The transformation was stopped.</exception>
    /// <exception cref="TransformException">What it made cannot be sent.</exception>
    public void Apply(RequestEnvelope request, in SourceData data)
    {
        using var buffer = Run(request.Body, request.Headers, data, request, null);
        var output = Split(buffer);
        var details = request.Target;
        string? asked = null;
        if (!output.Context.IsEmpty)
        {
            using var context = Parse(output.Context);
            if (Member(context.RootElement, "target_details") is { } target)
            {
                details = TargetChanges.Read(target, request, mergesQuery: false);
                asked = ContentTypeOf(target);
            }

            if (Member(context.RootElement, "request_details") is { } own && Member(own, "metadata") is { } metadata)
                MetadataMap.Merge(metadata, request.Metadata);
        }

        request.Target = details;
        if (!Replaces(output, data)) return;
        Replace(request.Body, request.Headers, output.Body, asked);
        // What goes to the target may have a content type of its own.
        if (asked is not null && JsonFields.IsJson(asked) && details?.Headers is { } fields && fields.Contains("content-type")) JsonFields.DescribeType(fields);
    }

    /// <summary>Transforms an answer.</summary>
    /// <param name="response">The answer; changed only when everything went well.</param>
    /// <param name="data">Its body as data.</param>
    /// <exception cref="JoltException">The transformation was stopped.</exception>
    /// <exception cref="TransformException">What it made cannot be sent.</exception>
    public void Apply(ResponseEnvelope response, in SourceData data)
    {
        using var buffer = Run(response.Body, response.Headers, data, response.Request, response);
        var output = Split(buffer);
        string? asked = null;
        if (!output.Context.IsEmpty)
        {
            using var context = Parse(output.Context);
            if (Member(context.RootElement, "response_details") is { } details)
            {
                ResponseChanges.Read(details, response).ApplyTo(response);
                asked = ContentTypeOf(details);
            }
        }

        if (Replaces(output, data)) Replace(response.Body, response.Headers, output.Body, asked);
    }

    private PooledBuffer Run(Body body, HeaderFields headers, in SourceData data, RequestEnvelope request, ResponseEnvelope? response)
    {
        using var context = new PooledBuffer(spec.Reads.RefersToContext ? RoomForContext : 0);
        if (spec.Reads.RefersToContext) WriteContext(context, request, response, ContextUse.All);
        using var input = new PooledBuffer((int)Math.Min(body.Length ?? 0, int.MaxValue / 2) + (_context.IsNone ? 64 : RoomForContext));
        WriteInput(input, body, headers, data, request, response);
        var output = new PooledBuffer(input.Written.Length + 1024);
        try
        {
            spec.Chain.Apply(input.Written, output, context.Written, trace);
            return output;
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    private void WriteInput(PooledBuffer input, Body body, HeaderFields headers, in SourceData data, RequestEnvelope request, ResponseEnvelope? response)
    {
        if (isEnvelope) Write(input, """{"data":"""u8);
        WriteData(input, body, headers, data);
        if (!isEnvelope) return;
        if (!_context.IsNone)
        {
            Write(input, ""","context":"""u8);
            WriteContext(input, request, response, _context);
        }

        Write(input, "}"u8);
    }

    private static void WriteData(PooledBuffer input, Body body, HeaderFields headers, in SourceData source)
    {
        if (source.IsText)
        {
            Write(input, source.Text.Span);
        }
        else if (source.Data is not { } data)
        {
            Write(input, "null"u8);
        }
        else if (body.IsBuffered && JsonFields.IsText(headers) && JsonFields.IsUtf8(body.BufferedBytes.Span, out var text))
        {
            Write(input, text);
        }
        else
        {
            using var json = new Utf8JsonWriter(input, Writing);
            data.WriteTo(json);
        }
    }

    private static void WriteContext(PooledBuffer buffer, RequestEnvelope request, ResponseEnvelope? response, ContextUse use)
    {
        using var json = new Utf8JsonWriter(buffer, Writing);
        ContextWriter.Write(json, request, response, use);
    }

    private static void Write(PooledBuffer buffer, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer.GetSpan(text.Length));
        buffer.Advance(text.Length);
    }

    private TransformOutput Split(PooledBuffer buffer) => isEnvelope ? TransformOutput.Of(buffer.Written) : TransformOutput.Whole(buffer.Written);

    /// <summary>Nothing made of nothing is no body.</summary>
    private static bool Replaces(TransformOutput output, in SourceData data) => output.HasBody && (!data.IsNull || !output.Body.SequenceEqual("null"u8));

    /// <summary>What the spec says that its result is to be sent as, be it what it was received as.</summary>
    private static string? ContentTypeOf(JsonElement details)
        => Member(details, "headers") is { ValueKind: JsonValueKind.Object } headers
            ? headers.EnumerateObject().Where(h => h.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase)).Select(h => FieldText.OfScalar(h.Value))
                .FirstOrDefault()
            : null;

    private static void Replace(Body body, HeaderFields headers, ReadOnlySpan<byte> json, string? asked)
    {
        if (asked is not null && !JsonFields.IsJson(asked))
        {
            ReplaceByData(body, json);
            headers.Set("content-type", asked);
            return;
        }

        // Bytes described as data become bytes again (docs/content.md), and the header of an object becomes part of it again (docs/dicom.md).
        if (body.HasView || json.IndexOf("\"body_b64\""u8) >= 0)
        {
            ReplaceByData(body, json);
            return;
        }

        body.Replace(json.ToArray());
        JsonFields.Describe(headers);
    }

    /// <summary>Leaves the form on the wire to the end of the chain, where it follows from the content type.</summary>
    private static void ReplaceByData(Body body, ReadOnlySpan<byte> json)
        => body.Replace(JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = TransformOutput.MaxDepth }));

    private static JsonDocument Parse(ReadOnlySpan<byte> json)
        => JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = TransformOutput.MaxDepth });

    private static JsonElement? Member(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;
}

/// <summary>What a spec is given.</summary>
/// <param name="IsEnvelope">Whether it is <c>{data, context}</c>; if not, it is the body alone.</param>
/// <param name="Reason">Why, in words for people.</param>
internal sealed record InputForm(bool IsEnvelope, string Reason)
{
    private static readonly string[] Members = ["data", "context"];

    /// <summary>What the option says, or what the spec looks like.</summary>
    public static InputForm Of(string option, SpecReads reads)
    {
        if (option != "auto") return new InputForm(option == "envelope", $"input = \"{option}\"");
        var named = Members.Where(reads.Roots.Contains).Select(n => $"'{n}'").ToList();
        return named.Count > 0
            ? new InputForm(true, $"the spec names {string.Join(" and ", named)} at its top")
            : new InputForm(false, "the spec names neither 'data' nor 'context' at its top");
    }

    /// <summary><c>reads {data, context}: …</c></summary>
    public override string ToString() => $"reads {(IsEnvelope ? "{data, context}" : "the body alone")}: {Reason}";
}

/// <summary>The input of a transform: JSON text as received, not parsed yet, or data that earlier middleware has read or made.</summary>
/// <param name="Text">JSON in UTF-8, unchecked; empty when there are only data.</param>
/// <param name="Data">The data; null when there is text.</param>
internal readonly record struct SourceData(ReadOnlyMemory<byte> Text, JsonNode? Data)
{
    /// <summary>Whether it is text that the engine is the first to parse.</summary>
    public bool IsText => !Text.IsEmpty;

    /// <summary>Whether there is nothing: no body, or JSON's <c>null</c>.</summary>
    public bool IsNull => IsText ? Text.Span.Trim(" \t\r\n"u8).SequenceEqual("null"u8) : Data is null;
}
