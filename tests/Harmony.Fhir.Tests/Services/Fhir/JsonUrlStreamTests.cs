using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Faults;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>Base URLs within JSON, however the bytes are cut.</summary>
public sealed class JsonUrlStreamTests
{
    private static readonly BaseMap Bases = new(["https://server/fhir"], "https://gateway/x");

    [Theory]
    [InlineData("""{"fullUrl":"https://server/fhir/Patient/1"}""", """{"fullUrl":"https://gateway/x/Patient/1"}""")]
    [InlineData("""{"fullUrl" : "https:\/\/server\/fhir\/Patient\/1"}""", """{"fullUrl" : "https://gateway/x\/Patient\/1"}""")]
    [InlineData("""{"subject":{"reference":"https://server/fhir/Patient/1"}}""", """{"subject":{"reference":"https://gateway/x/Patient/1"}}""")]
    [InlineData("""{"link":[{"relation":"next","url":"https://server/fhir?_getpages=1"}]}""", """{"link":[{"relation":"next","url":"https://gateway/x?_getpages=1"}]}""")]
    [InlineData("""{"response":{"location":"https://server/fhir/Patient/1/_history/1"}}""", """{"response":{"location":"https://gateway/x/Patient/1/_history/1"}}""")]
    [InlineData("""{"implementation":{"url":"https://server/fhir"}}""", """{"implementation":{"url":"https://gateway/x"}}""")]
    [InlineData("""{"valueAttachment":{"url":"https://server/fhir/Binary/1"}}""", """{"valueAttachment":{"url":"https://gateway/x/Binary/1"}}""")]
    [InlineData("""{"request":"https://server/fhir/$export","output":[]}""", """{"request":"https://gateway/x/$export","output":[]}""")]
    [InlineData("""{"output":[{"type":"Patient","url":"https://server/fhir/files/1"}]}""", """{"output":[{"type":"Patient","url":"https://gateway/x/files/1"}]}""")]
    public void UrlOfTheServer_GetsTheOtherBase(string text, string expected) => Assert.Equal(expected, Rewrite(text, 4096));

    [Theory]
    [InlineData("""{"resourceType":"StructureDefinition","url":"https://server/fhir/StructureDefinition/x"}""")]
    [InlineData("""{"extension":[{"url":"https://server/fhir/StructureDefinition/x"}]}""")]
    [InlineData("""{"identifier":[{"system":"https://server/fhir/ids","value":"https://server/fhir/1"}]}""")]
    [InlineData("""{"text":{"div":"<div>https://server/fhir/Patient/1 \"reference\":\"https://server/fhir\"</div>"}}""")]
    [InlineData("""{"fullUrl":"https://server/fhir2/Patient/1"}""")]
    [InlineData("""{"fullUrl":"https://server.evil/fhir/Patient/1"}""")]
    [InlineData("""{"fullUrl":"urn:uuid:3fa85f64-5717-4562-b3fc-2c963f66afa6"}""")]
    [InlineData("""{"reference":"Patient/1"}""")]
    [InlineData("""{"note":"\"fullUrl\":\"https://server/fhir/Patient/1\""}""")]
    [InlineData("""{"meta":{"profile":["https://server/fhir/StructureDefinition/x"]}}""")]
    [InlineData("""{"location":["https://server/fhir/Location/1"]}""")]
    [InlineData("""{"fullUrl":"https://server/fhi""")]
    [InlineData("""{"a":"b\""")]
    [InlineData("")]
    public void EverythingElse_PassesUnchanged(string text) => Assert.Equal(text, Rewrite(text, 4096));

    [Theory]
    [InlineData("""not json at all: "fullUrl" https://server/fhir""")]
    [InlineData("  <html></html>")]
    [InlineData("\"https://server/fhir\"")]
    [InlineData("\uFFFD{}")]
    public void WhatDoesNotBeginLikeJson_IsRefused(string text)
    {
        Assert.Equal(FaultKind.Protocol, Assert.Throws<GatewayException>(() => Rewrite(text, 4096)).Kind);
        Assert.Equal(FaultKind.Protocol, Assert.Throws<GatewayException>(() => Rewrite(text, 1)).Kind);
    }

    [Fact]
    public void ByteOrderMark_AndBlanks_Pass()
        => Assert.Equal("\uFEFF \n{\"fullUrl\":\"https://gateway/x\"}", Rewrite("\uFEFF \n{\"fullUrl\":\"https://server/fhir\"}", 1));

    [Fact]
    public void Text_CutAnywhere_IsRewrittenTheSame()
    {
        const string text = """{"entry":[{"fullUrl":"https://server/fhir/Patient/1","resource":{"resourceType":"Patient","text":{"div":"a\\\"b"},"generalPractitioner":[{"reference":"https:\/\/server\/fhir\/Practitioner\/9"}],"name":[{"family":"Größe\u00e4"}]}}],"link":[{"url":"https://server/fhir?page=2"}]}""";
        var whole = Rewrite(text, 4096);
        for (var size = 1; size < 80; size++) Assert.Equal(whole, Rewrite(text, size));
        using var document = JsonDocument.Parse(whole);
    }

    [Fact]
    public void LongTexts_PassInPieces()
    {
        var text = $$"""{"data":"{{new string('x', 300_000)}}\\","{{new string('n', 100_000)}}":1,"fullUrl":"https://server/fhir/Patient/{{new string('1', 100_000)}}"}""";
        Assert.Equal(text.Replace("https://server/fhir", "https://gateway/x", StringComparison.Ordinal), Rewrite(text, 70_000));
    }

    [Fact]
    public void RandomDocuments_KeepTheirMeaning()
    {
        var random = new System.Random(20260131);
        for (var i = 0; i < 300; i++)
        {
            var document = new JsonObject { ["entry"] = Random(random, 0) };
            var text = document.ToJsonString();
            var expected = Expected(document, "", "")!.ToJsonString();
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(Rewrite(text, random.Next(1, 200)))), text);
        }
    }

    // The slow, obvious way: the document in memory.
    private static JsonNode? Expected(JsonNode? node, string name, string parent)
    {
        switch (node)
        {
            case JsonObject members:
                var result = new JsonObject();
                foreach (var (key, value) in members) result[key] = Expected(value, key, name);
                return result;
            case JsonArray items:
                var list = new JsonArray();
                foreach (var item in items) list.Add(item is JsonValue ? item.DeepClone() : Expected(item, name, parent));
                return list;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String
                && UrlPlaces.Holds(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(parent)):
                return Bases.Map(value.GetValue<string>());
            default:
                return node?.DeepClone();
        }
    }

    private static JsonNode Random(System.Random random, int depth)
    {
        string[] names = ["fullUrl", "reference", "url", "link", "location", "response", "extension", "a", "valueAttachment", "implementation"];
        string[] texts = ["https://server/fhir/Patient/1", "https://server/fhir", "https://server/fhirx", "x\"y\\z", "Größe €", "", "urn:x"];
        switch (depth > 4 ? 2 : random.Next(4))
        {
            case 0:
                var members = new JsonObject();
                for (var i = random.Next(5); i > 0; i--) members[names[random.Next(names.Length)]] = Random(random, depth + 1);
                return members;
            case 1:
                var items = new JsonArray();
                for (var i = random.Next(4); i > 0; i--) items.Add(Random(random, depth + 1));
                return items;
            default:
                return random.Next(5) == 0 ? random.Next() : texts[random.Next(texts.Length)];
        }
    }

    /// <summary>Whether the length is known makes no difference.</summary>
    private static string Rewrite(string text, int pieces)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var rewritten = Rewrite(bytes, pieces, null);
        Assert.Equal(rewritten, Rewrite(bytes, pieces, bytes.Length));
        return rewritten;
    }

    private static string Rewrite(byte[] bytes, int pieces, long? length)
    {
        using var output = new MemoryStream();
        var stream = new JsonUrlStream(new Pieces(bytes, pieces), Bases, FaultSource.Backend, length);
        stream.CopyToAsync(output).GetAwaiter().GetResult();
        stream.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Bytes that come a few at a time.</summary>
    internal sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
