using System.Text.Json.Nodes;
using Harmony.Testing.Requirements;

namespace Harmony.Jolt.Tests;

/// <summary>The conformance vectors, which live outside the repository.</summary>
public class VectorTests
{
    private const string Vectors = "conformance/jolt/vectors.json";

    [SharedFact(Vectors)]
    public void Vectors_All_Pass()
    {
        var failures = new List<string>();
        foreach (var vector in JsonNode.Parse(File.ReadAllText(SharedFolder.PathOf(Vectors)))!.AsArray())
        {
            if (Check(vector!) is { } failure) failures.Add($"{vector!["name"]}: {failure}");
        }

        Assert.Empty(failures);
    }

    private static string? Check(JsonNode vector)
    {
        var mustFail = vector["error"] is not null;
        try
        {
            var result = JoltChain.Compile(vector["spec"], "vector").Apply(vector["input"], vector["context"]);
            if (mustFail) return "no error";
            return JsonNode.DeepEquals(result, vector["expected"]) ? null : $"got {TransformCase.Text(result)}";
        }
        catch (Exception e) when (e is JoltException or JoltSpecException)
        {
            return mustFail ? null : e.Message;
        }
    }
}
