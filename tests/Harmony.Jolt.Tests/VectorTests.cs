using System.Text.Json.Nodes;

namespace Harmony.Jolt.Tests;

/// <summary>The conformance vectors, which live outside the repository. Without them there is nothing to test here.</summary>
public class VectorTests
{
    [Fact]
    public void Vectors_All_Pass()
    {
        if (FindVectors() is not { } file) return;
        var failures = new List<string>();
        foreach (var vector in JsonNode.Parse(File.ReadAllText(file))!.AsArray())
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

    private static string? FindVectors()
    {
        var shared = Environment.GetEnvironmentVariable("HARMONY_SHARED");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); shared is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Harmony.slnx"))) shared = Path.Combine(folder.Parent?.FullName ?? "", "shared");
        }

        var file = Path.Combine(shared ?? "", "conformance", "jolt", "vectors.json");
        return File.Exists(file) ? file : null;
    }
}
