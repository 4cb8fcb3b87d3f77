using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Jolt.Tests;

public class SpecErrorTests
{
    [Theory]
    [InlineData("""{"a":1}""", "$: a chain is an array")]
    [InlineData("[]", "$: a chain is an array")]
    [InlineData("[5]", "operation 0, $[0]: an operation is an object")]
    [InlineData("""[{"spec":{}}]""", "operation 0, $[0]: an operation is an object")]
    [InlineData("""[{"operation":"shfit","spec":{}}]""", "operation 0, $[0].operation: there is no operation 'shfit'; did you mean 'shift'?")]
    [InlineData("""[{"operation":"modify-overwite-beta","spec":{}}]""", "did you mean 'modify-overwrite-beta'?")]
    [InlineData("""[{"operation":"sort"},{"operation":"shift"}]""", "operation 1 (shift), $[1].spec: the spec of a shift is an object")]
    [InlineData("""[{"operation":"default","spec":[]}]""", "the spec of a default is an object")]
    [InlineData("""[{"operation":"remove","spec":null}]""", "the spec of a remove is an object")]
    [InlineData("""[{"operation":"cardinality","spec":1}]""", "the spec of a cardinality is an object")]
    [InlineData("""[{"operation":"modify-define-beta","spec":"x"}]""", "the spec of a modify is an object")]
    [InlineData("""[{"operation":"shift","spec":{"a":"b"}}""", "it is not JSON")]
    [InlineData("""[{"operation":"shift","spec":{"a":"b"}}] x""", "it is not JSON: line 1, column 42: ")]
    [InlineData("[\n{]", "it is not JSON: line 2, column 2: ")]
    public void Chain_Malformed_SaysWhereAndWhat(string spec, string expected)
        => Assert.Contains(Json.ErrorsOf(spec), e => e.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"a":{}}""", "$[0].spec.a: an empty object matches nothing")]
    [InlineData("""{"a":5}""", "$[0].spec.a: a shift goes to a path")]
    [InlineData("""{"a":["x",5]}""", "$[0].spec.a[1]: a path to write to is a string")]
    [InlineData("""{"a.b":{"x-@":"c"}}""", "$[0].spec['a.b']['x-@']: key 'x-@' has an '@' that is not at its front")]
    [InlineData("""{"a":"b.@.c"}""", "'@' alone is a key only")]
    [InlineData("""{"a":"b.@(x"}""", "has a '(' without its ')'")]
    [InlineData("""{"a":"b.*.c"}""", "'*' and '$' belong to keys only")]
    [InlineData("""{"a":"b.$1"}""", "'*' and '$' belong to keys only")]
    [InlineData("""{"a":"p[0]-s[1]"}""", "continues right after ']'")]
    [InlineData("""{"a":"p[-1]"}""", "'[-1]' is not an array index")]
    [InlineData("""{"a":"p[x]"}""", "'[x]' is not an array index")]
    [InlineData("""{"a":"p["}""", "has a '[' without its ']'")]
    [InlineData("""{"a":"p#x"}""", "has a '#', which a path only knows inside brackets")]
    [InlineData("""{"a":"&(x)"}""", "'(x)' is not a reference")]
    [InlineData("""{"a":"&(1,2,3)"}""", "is not a reference")]
    [InlineData("""{"a-&-*":"b"}""", "has both '&' and '*'")]
    [InlineData("""{"a":{"$":{"b":"c"}}}""", "is a single value and can have no keys below it")]
    [InlineData("""{"a":{"@":{"b":"c"}}}""", "is a single value and can have no keys below it")]
    [InlineData("""{"a":"x.&3"}""", "a reference goes 3 levels up, where there are only 2")]
    [InlineData("""{"a":{"@(5,x)":"y"}}""", "a reference goes 5 levels up")]
    [InlineData("""{"a|b":"x","b":"y"}""", "$[0].spec.b: 'b' means the same as another key")]
    [InlineData("""{"a":{"&":"x","&(0,0)":"y"}}""", "means the same as another key")]
    [InlineData("""{"[0]":"x"}""", "the key of an array's item is its bare index: '0'")]
    [InlineData("""{"#":"x"}""", "has no text; write '#text'")]
    [InlineData("""{"a#":"x"}""", "has a '#' that is not at its front")]
    [InlineData("""{"a$":"x"}""", "has a '$' that is not at its front")]
    [InlineData("""{"@(a.@b)":"x"}""", "has an '@' inside an '@'")]
    [InlineData("""{"@(a[])":"x"}""", "'[]' only makes sense where a value goes")]
    [InlineData("""{"@()":"x"}""", "looks nothing up")]
    [InlineData("""{"@(1a)":"x"}""", "write '@(0,1a)'")]
    public void Shift_Malformed_SaysWhereAndWhat(string spec, string expected) => AssertError("shift", spec, expected);

    [Theory]
    [InlineData("default", """{"a*":1}""", "mixes '*' with other characters")]
    [InlineData("default", """{"a[]":{"b":1}}""", "$[0].spec['a[]'].b: 'b' is not an index")]
    [InlineData("default", """{"a[]":{"100000":1}}""", "is beyond the length")]
    [InlineData("remove", """{"a":"x"}""", "$[0].spec.a: expected an empty string for a key to remove")]
    [InlineData("remove", """{"a":1}""", "expected an empty string for a key to remove")]
    [InlineData("cardinality", """{"a":"SOME"}""", "expected ONE, MANY or an object of keys")]
    [InlineData("cardinality", """{"a":"many"}""", "did you mean 'MANY'?")]
    [InlineData("cardinality", """{"a":{}}""", "an empty object changes nothing")]
    [InlineData("cardinality", """{"@x":"ONE"}""", "cardinality knows '@' alone")]
    [InlineData("cardinality", """{"@":{"a":"ONE"}}""", "can have no keys below it")]
    [InlineData("modify-overwrite-beta", """{"[0]":1,"a":2}""", "array indexes and object keys are mixed")]
    [InlineData("modify-overwrite-beta", """{"[0]":1,"a*":2}""", "array indexes and object keys are mixed")]
    [InlineData("modify-overwrite-beta", """{"[100000]":1}""", "is beyond the length")]
    [InlineData("modify-overwrite-beta", """{"@x":1}""", "is none a modify knows")]
    [InlineData("modify-overwrite-beta", """{"a":"=concat(a"}""", "does not end with the ')' of its call")]
    [InlineData("modify-overwrite-beta", """{"a":["x","@(1,x).y"]}""", "$[0].spec.a[1]: '@(1,x).y' continues after its lookup")]
    [InlineData("modify-overwrite-beta", """{"a":"=split('(',x)"}""", "split cannot use the regular expression '('")]
    [InlineData("modify-overwrite-beta", """{"a":"=split('(?=x)',x)"}""", "split cannot use the regular expression")]
    public void Others_Malformed_SaysWhereAndWhat(string operation, string spec, string expected) => AssertError(operation, spec, expected);

    [Fact]
    public void Compile_SeveralErrors_ReportsAllInOrder()
    {
        var e = Assert.Throws<JoltSpecException>(() => Json.Chain("""[{"operation":"nope"},{"operation":"shift","spec":{"a":"x[","b":{"c":5}}}]"""));

        Assert.Equal(["$[0].operation", "$[1].spec.a", "$[1].spec.b.c"], e.Errors.Select(x => x.Path));
        Assert.Equal(["", "shift", "shift"], e.Errors.Select(x => x.Operation));
        Assert.Equal([0, 1, 1], e.Errors.Select(x => x.OperationIndex));
        Assert.All(e.Errors, x => Assert.Equal("test.json", x.File));
    }

    [Theory]
    [InlineData("modify-overwrite-beta", """{"a":"=toUper"}""", "there is no function 'toUper', so it will never have a value; did you mean 'toUpper'?")]
    [InlineData("modify-overwrite-beta", """{"a":"@(9,x)"}""", "a reference goes 9 levels up")]
    [InlineData("shift", """{"a-*":"&(0,2)"}""", "asks for '*' number 2 of a key that has 1")]
    [InlineData("sort", "{}", "a sort has no spec")]
    [InlineData("shift", """{"a":"x","a":"y"}""", "'a' stands twice in one object; only the last counts")]
    [InlineData("modify-overwrite-beta", """{"o":{"a":"x","a":"y"}}""", "'a' stands twice in one object")]
    [InlineData("modify-overwrite-beta", """{"a":"=substring(@(1,a))"}""", "'substring' is called with 1 argument and expects substring(text, start, end)")]
    [InlineData("modify-overwrite-beta", """{"a":"=divide(1,2,3)"}""", "'divide' is called with 3 arguments")]
    [InlineData("modify-overwrite-beta", """{"a":"=concat('x',=leftPad('a',2))"}""", "'leftPad' is called with 2 arguments")]
    [InlineData("modify-overwrite-beta", """{"a":"@(a, 1)"}""", "the level comes first: '@(1,a)'")]
    [InlineData("shift", """{"a":"x.@(b.c,2)"}""", "the level comes first: '@(2,b.c)'")]
    [InlineData("modify-overwrite-beta", """{"a":"toUpper(@(1,b))"}""", "is a text; to call the function, write '=toUpper(@(1,b))'")]
    public void Compile_WillHardlyDoWhatIsMeant_Warns(string operation, string spec, string expected)
        => Assert.Contains(Json.Operation(operation, spec).Warnings, w => w.Message.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Compile_MisspeltMember_Warns()
    {
        var warning = Assert.Single(Json.Chain("""[{"operation":"sort","sepc":{}}]""").Warnings);

        Assert.Contains("did you mean 'spec'?", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_CommentsAndTrailingCommas_AreFine()
        => Assert.Equal("""{"b":1}""", Json.Chain("[ // why\n {\"operation\":\"shift\", /* what */ \"spec\":{\"a\":\"b\",},},\n]").ApplyText("""{"a":1}"""));

    [Fact]
    public void Compile_FromNodeOrElement_IsTheSame()
    {
        const string Spec = """[{"operation":"shift","spec":{"a":"b"}}]""";

        Assert.Equal("""{"b":1}""", JoltChain.Compile(JsonNode.Parse(Spec), "n").ApplyText("""{"a":1}"""));
        Assert.Equal("""{"b":1}""", JoltChain.Compile(JsonDocument.Parse(Spec).RootElement, "e").ApplyText("""{"a":1}"""));
        Assert.Throws<JoltSpecException>(() => JoltChain.Compile((JsonNode?)null, "n"));
    }

    [Fact]
    public void Compile_SpecTooDeep_IsAnError()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 600)) + "\"x\"" + new string('}', 600);

        Assert.Contains("it is not JSON", Assert.Single(Json.ErrorsOf($$"""[{"operation":"shift","spec":{{deep}}}]""")), StringComparison.Ordinal);
        AssertError("shift", $$"""{"a":"{{string.Join('.', Enumerable.Repeat("x", 600))}}"}""", "deeper than a document may be");
    }

    private static void AssertError(string operation, string spec, string expected)
        => Assert.Contains(Json.ErrorsOf($$"""[{"operation":"{{operation}}","spec":{{spec}}}]"""), e => e.Contains(expected, StringComparison.Ordinal));
}
