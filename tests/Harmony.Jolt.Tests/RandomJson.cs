using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Jolt.Tests;

/// <summary>Makes documents and specs of few keys and many tokens, so that they meet.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] Keys = ["a", "b", "ab", "a-b", "a-b-c", "0", "1", "x.y", "", "true"];

    private static readonly string[] ShiftKeys =
    [
        "a", "b", "ab", "0", "1", "*", "a*", "*b", "a-*", "*-*", "*-*-*", "a|b", "a|*", "&", "&1", "&(0,1)", "x-&", "$", "$1", "$(0,1)", "@", "@a", "@(1,a)",
        "@(1,b.a[0])", "@1", "#c", "#(d)", "true", "\\*", "1|0", "**", "a.b", "^", "?", "|",
    ];

    private static readonly string[] ModifyKeys = ["a", "b", "ab", "*", "a*", "*b", "a-*", "*-*", "a|b", "a?", "+a", "~b", "_ab", "*?", "_*", "~*-*?", "x"];

    private static readonly string[] IndexKeys = ["[0]", "[1]", "[2]?", "~[3]", "_[1]", "*", "*?"];

    private static readonly string[] PlainKeys = ["a", "b", "ab", "*", "0", "1", "a|b", "a-b", "x.y", "?"];

    private static readonly string[] OddKeys = ["[0]", "@(", "a[]", "&(", "a$", "", "|", "\\", "a-*"];

    private static readonly string[] Paths =
    [
        "x", "x.y", "", "x[]", "x[].y", "x[0]", "x[3].z", "[1]", "[]", "x[&]", "x[&1].y", "x[#1]", "x[#2]", "[#0].[#1]", "&", "&1.&", "&(0,1)",
        "p-&(1,1)-&", "@a", "@(1,a).x", "x.@(2,b)", "x[@(1,a)]",
        "a.b", "a", "x\\.y", "\\@x", "x..y", "x[0][1]", "x.y[]",
    ];

    private static readonly string[] Expressions =
    [
        "@(1,a)", "@(2,b)", "@0", "@1", "@2", "@(1,&)", "@(1,[0])", "^a", "^a.b[0]", "^", "^&", "x", "${now}", "${uuid}", "=toUpper",
        "=concat(@(1,a),'-',@(2,b))", "=concat(@1,@2)", "=split(',',@(1,a))",
        "=split('[a-c]',@0)", "=substring(@(1,a),0,=size(@(1,a)))", "=join(',',@(1,a))", "=max(@(1,a),1,'2')", "=avg(@1)", "=toInteger",
        "=toDouble(@(1,a))", "=intSum(@(1,a))", "=divideAndRound(2,@(1,a),3)",
        "=toList(@(1,a),@2)", "=firstElement(@(1,a))", "=elementAt(1,@(1,a))", "=sort(@(1,a))", "=size", "=squashNulls",
        "=recursivelySquashNulls(@2)", "=squashDuplicates(@1)", "=isNull", "=noop", "=leftPad(@(1,a),7,'x')",
        "=toString(@2)", "=unknown(1)", "=", "@(9,a)", "=abs(-1.50)", "=toList(@1,=toList(@2))",
    ];

    private static readonly string[] OperationNames =
        ["shift", "shift", "default", "remove", "sort", "cardinality", "modify-overwrite-beta", "modify-default-beta", "modify-define-beta"];

    private static readonly string[] Scalars =
    [
        "1", "-2.50", "0", "1e3", "12345678901234567890", "true", "false", "null", "\"a\"", "\"b,c\"", "\"\"", "\"ü\\n\\\"\"", "\"0\"", "\"\\ud83d\\ude00\"",
    ];

    private readonly Random _random = new(seed);

    public string Document() => Value(4);

    public string Chain() => "[" + string.Join(',', Operations()) + "]";

    /// <summary>The operations of a chain.</summary>
    public IReadOnlyList<string> Operations() => [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Operation())];

    /// <summary>The text with a few characters changed, dropped or doubled.</summary>
    public string Damage(string text)
    {
        var characters = text.ToList();
        for (var i = _random.Next(1, 4); i > 0 && characters.Count > 0; i--)
        {
            var at = _random.Next(characters.Count);
            switch (_random.Next(3))
            {
                case 0: characters.RemoveAt(at); break;
                case 1: characters.Insert(at, characters[_random.Next(characters.Count)]); break;
                default: characters[at] = "@$&*#[](){}\"\\.,|^=?:x0\u0001é"[_random.Next(24)]; break;
            }
        }

        return string.Concat(characters);
    }

    private string Operation()
    {
        var name = Pick(OperationNames);
        return $$"""{"operation":"{{name}}","spec":{{Spec(name, 4)}}}""";
    }

    private string Spec(string operation, int depth)
    {
        var members = new JsonObject();
        var keys = KeysOf(operation);
        foreach (var _ in Enumerable.Range(0, _random.Next(1, 4)))
        {
            var key = Pick(_random.Next(60) == 0 ? OddKeys : keys);
            var leaf = depth == 0 || _random.Next(3) == 0 || key[..Math.Min(1, key.Length)] is "$" or "@";
            members[key] = JsonNode.Parse(leaf ? Leaf(operation) : Spec(operation, depth - 1));
        }

        return members.ToJsonString();
    }

    private string[] KeysOf(string operation)
    {
        if (operation == "shift") return ShiftKeys;
        if (!operation.StartsWith("modify", StringComparison.Ordinal)) return PlainKeys;
        return _random.Next(3) == 0 ? IndexKeys : ModifyKeys;
    }

    private string Leaf(string operation) => operation switch
    {
        "shift" => _random.Next(5) == 0 ? $"[{Quote(Pick(Paths))},{Quote(Pick(Paths))}]" : Quote(Pick(Paths)),
        "remove" => "\"\"",
        "cardinality" => _random.Next(2) == 0 ? "\"ONE\"" : "\"MANY\"",
        "default" => Value(2),
        _ => _random.Next(4) == 0 ? $"[{Quote(Pick(Expressions))},{Value(1)}]" : _random.Next(5) == 0 ? Value(1) : Quote(Pick(Expressions)),
    };

    private string Value(int depth) => (depth == 0 ? 0 : _random.Next(3)) switch
    {
        1 => "[" + string.Join(',', Enumerable.Range(0, _random.Next(4)).Select(_ => Value(depth - 1))) + "]",
        2 => "{" + string.Join(',', Enumerable.Range(0, _random.Next(5)).Select(_ => $"{Quote(Pick(Keys))}:{Value(depth - 1)}")) + "}",
        _ => Pick(Scalars),
    };

    private string Pick(string[] from) => from[_random.Next(from.Length)];

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
