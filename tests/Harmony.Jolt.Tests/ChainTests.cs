using System.Text;
using System.Text.Json.Nodes;

namespace Harmony.Jolt.Tests;

public class ChainTests
{
    private const string Rename = """[{"operation":"shift","spec":{"a":"b","*":"&"}},{"operation":"default","spec":{"c":{"d":[1,{"e":2}]}}}]""";

    [Fact]
    public void Apply_Bytes_KeepsTextAsItCame()
    {
        var result = Json.Chain(Rename).ApplyText(
            " { \"a\" : 1.10 , \"ü\" : \"Zoë \\u0041 \\/\" , \"s\" : \"😀\" , \"n\" : 123456789012345678901234567890 } ");

        Assert.Equal("{\"b\":1.10,\"ü\":\"Zoë A /\",\"s\":\"😀\",\"n\":123456789012345678901234567890,\"c\":{\"d\":[1,{\"e\":2}]}}", result);
    }

    [Fact]
    public void Apply_ByteOrderMark_IsSkipped()
        => Assert.Equal("""{"x":"y"}""", Json.Operation("shift", """{"a":"x"}""").ApplyText("\uFEFF{\"a\":\"y\"}"));

    [Fact]
    public void Apply_RepeatedKey_LastValueInTheFirstPlace()
        => Assert.Equal("""{"a":3,"b":2}""", Json.Operation("shift", """{"*":"&"}""").ApplyText("""{"a":1,"b":2,"a":3}"""));

    [Fact]
    public void Apply_Context_IsWhatCaretsReferTo()
        => Assert.Equal("""{"a":7.0}""", Json.Operation("modify-overwrite-beta", """{"a":"^x.y"}""").ApplyText("{}", """{"x":{"y":7.0}}"""));

    [Fact]
    public void Apply_Node_LeavesTheInputAlone()
    {
        var input = JsonNode.Parse("""{"a":{"x":1}}""")!;

        var result = Json.Chain("""[{"operation":"modify-overwrite-beta","spec":{"a":{"x":2}}}]""").Apply(input);

        Assert.Equal("""{"a":{"x":2}}""", result!.ToJsonString());
        Assert.Equal("""{"a":{"x":1}}""", input.ToJsonString());
    }

    [Fact]
    public void Apply_NodeBuiltInCode_Works()
        => Assert.Equal("""{"b":1.50}""", Json.Operation("shift", """{"a":"b"}""").Apply(new JsonObject { ["a"] = 1.50m })!.ToJsonString());

    [Fact]
    public void Apply_NullNode_IsADocument() => Assert.Equal("""{"a":1}""", Json.Operation("default", """{"a":1}""").Apply((JsonNode?)null)!.ToJsonString());

    [Fact]
    public void Apply_DefaultToAnArrayWithoutIndexes_IsRefused()
        => Assert.Throws<JoltException>(() => Json.Operation("default", """{"a":1}""").ApplyText("[]"));

    [Fact]
    public void Apply_Trace_SeesTheDocumentAfterEachOperation()
    {
        var trace = new RecordingTrace();

        Json.Chain(Rename).ApplyBytes(Encoding.UTF8.GetBytes("""{"a":1}"""), trace: trace);

        Assert.Equal(["0 shift {\"b\":1}", "1 default {\"b\":1,\"c\":{\"d\":[1,{\"e\":2}]}}"], trace.Lines);
    }

    [Fact]
    public void Properties_TellFileAndOperations()
    {
        var chain = Json.Chain(Rename);

        Assert.Equal("test.json", chain.File);
        Assert.Equal(["shift", "default"], chain.Operations);
        Assert.Empty(chain.Warnings);
    }

    [Fact]
    public void Apply_ManyThreads_DoNotDisturbEachOther()
    {
        var chain = Json.Chain("""
            [{"operation":"shift","spec":{"id":"x.id","*":"x.&"}},
             {"operation":"default","spec":{"x":{"list":[{"n":1}],"obj":{"deep":{"m":[1]}}}}},
             {"operation":"modify-overwrite-beta","spec":{"x":{"list":{"[0]":{"n":"@(3,id)"}},"obj":{"deep":{"m":{"[1]":"@(4,id)"}}}}}},
             {"operation":"remove","spec":{"x":{"gone":""}}}]
            """);

        Parallel.For(0, 20_000, i =>
        {
            var result = chain.ApplyText($$"""{"id":{{i}},"k{{i % 700}}":true,"gone":1}""");

            var expected = """{"x":{"id":ID,"kKEY":true,"list":[{"n":ID}],"obj":{"deep":{"m":[1,ID]}}}}"""
                .Replace("ID", $"{i}", StringComparison.Ordinal)
                .Replace("KEY", $"{i % 700}", StringComparison.Ordinal);
            Assert.Equal(expected, result);
        });
    }

    private sealed class RecordingTrace : IJoltTrace
    {
        public List<string> Lines { get; } = [];

        public void AfterOperation(int index, string operation, JsonNode? document) => Lines.Add($"{index} {operation} {document?.ToJsonString()}");
    }
}
