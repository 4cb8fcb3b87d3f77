using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Harmony.Jolt.Tests;

/// <summary>Documents and specs nobody would write. A failure names its seed.</summary>
public class RandomTests
{
    private const int Seeds = 6_000;
    private static readonly JoltOptions Fixed = new() { Clock = new StoppedClock(), NewGuid = () => Guid.Empty };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Apply_RandomSpecsAndDocuments_GiveJsonOrOurExceptions()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new RandomJson(seed);
            var spec = random.Chain();
            var input = random.Document();
            Check($"seed {seed}\nspec {spec}\ninput {input}", () => Run(spec, input, random.Document()));
        }
    }

    [Fact]
    public void Apply_DamagedText_GivesJsonOrOurExceptions()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new RandomJson(seed);
            var spec = random.Damage(random.Chain());
            var input = random.Damage(random.Document());
            Check($"seed {seed}\nspec {spec}\ninput {input}", () => Run(spec, input, ""));
        }
    }

    /// <summary>Within a chain, containers are shared and copied when written to; between chains nothing is shared. It must make no difference.</summary>
    [Fact]
    public void Apply_ChainOrOneByOne_IsTheSame()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new RandomJson(seed);
            var operations = random.Operations();
            var input = random.Document();
            var context = random.Document();
            Check($"seed {seed}\nspec {string.Join(',', operations)}\ninput {input}\ncontext {context}", () =>
            {
                var together = TryApply($"[{string.Join(',', operations)}]", input, context);
                if (together is null) return;
                var oneByOne = (string?)input;
                foreach (var operation in operations) oneByOne = oneByOne is null ? null : TryApply($"[{operation}]", oneByOne, context);
                if (oneByOne is not null) Assert.Equal(oneByOne, together);
            });
        }
    }

    private static string? TryApply(string spec, string input, string context)
    {
        if (!JoltChain.TryCompile(Encoding.UTF8.GetBytes(spec), "random", out var chain, out _, Fixed)) return null;
        try
        {
            return chain.ApplyText(input, context);
        }
        catch (JoltException)
        {
            return null;
        }
    }

    private static void Check(string what, Action run)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            run();
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}\n{e}");
        }

        Assert.True(clock.Elapsed < Patience, $"{what}\ntook {clock.Elapsed}");
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }

    private static void Run(string spec, string input, string context)
    {
        if (!JoltChain.TryCompile(Encoding.UTF8.GetBytes(spec), "random", out var chain, out _)) return;
        try
        {
            var output = chain.ApplyBytes(Encoding.UTF8.GetBytes(input), Encoding.UTF8.GetBytes(context));
            using var parsed = JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = 1_000 });
        }
        catch (JoltException)
        {
            // refused, which is an answer
        }
    }
}
