using System.Globalization;
using System.Text;

namespace Harmony.Data.Tests.Middleware.Transform;

/// <summary>Random bodies through a pipeline with transformations on both sides: every one gets an answer, and none is a fault of the gateway.</summary>
public class TransformFuzzTests
{
    private const int Rounds = 400;

    private const string Spec = """
        [{"operation":"shift","spec":{"data":{"a":"data.x[]","b":{"*":"data.y.&"},"c|d":["data.z","data.x[]"],"*":"data.rest.&","@":"data.all"},
          "context":{"request_details":{"metadata":{"*":"data.meta.&"}}}}},
         {"operation":"default","spec":{"data":{"x":[],"n":{"m":1}}}},
         {"operation":"modify-overwrite-beta","spec":{"data":{"count":"=size(@(1,x))","up":"=toUpper(@(1,z))"}}},
         {"operation":"cardinality","spec":{"data":{"z":"ONE"}}},
         {"operation":"sort"}]
        """;

    private static readonly string[] Scalars =
        ["1", "-2.50", "1e300", "12345678901234567890", "true", "null", "\"\"", "\"a\"", "\"ü\\n\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\""];
    private static readonly string[] Keys =
        ["a", "b", "c", "d", "data", "context", "request_details", "target_details", "metadata", "skip", "x.y", "", "0", "é"];

    [Fact]
    public async Task Bodies_AtRandom_NeverMakeAFaultOfTheGateway()
    {
        await using var rig = await TransformRig.StartAsync(Spec, "apply = \"both\"");
#pragma warning disable CA5394, RS0030 // the same bodies in every run
        var random = new Random(20260102);
#pragma warning restore RS0030
        for (var i = 0; i < Rounds; i++)
        {
            var body = Value(random, 5);
            if (random.Next(4) == 0 && body.Length > 1) body = body.Remove(random.Next(body.Length), 1);
            using var answer = await rig.PostAsync(body);
            Assert.True((int)answer.StatusCode is 200 or 400, string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} for {body}"));
        }
#pragma warning restore CA5394

        Assert.Contains(rig.Arrived, a => a.Body.Length > 0);
    }

#pragma warning disable CA5394
    private static string Value(Random random, int depth) => (depth == 0 ? 0 : random.Next(4)) switch
    {
        1 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
        2 or 3 => Object(random, depth),
        _ => Scalars[random.Next(Scalars.Length)],
    };

    private static string Object(Random random, int depth)
    {
        var text = new StringBuilder("{");
        foreach (var key in Keys.OrderBy(_ => random.Next()).Take(random.Next(5)))
        {
            if (text.Length > 1) text.Append(',');
            text.Append('"').Append(key).Append("\":").Append(Value(random, depth - 1));
        }

        return text.Append('}').ToString();
    }
#pragma warning restore CA5394
}
