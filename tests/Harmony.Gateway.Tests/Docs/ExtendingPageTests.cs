using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>The middleware that docs/extending.md shows is that of the example, which is built and run by a test.</summary>
public sealed class ExtendingPageTests
{
    [Fact]
    public void Middleware_IsThatOfTheExample()
    {
        var source = File.ReadAllText(RepositoryFolder.PathOf("examples", "custom-middleware", "StampMiddleware.cs"));
        var type = source[source.IndexOf("/// <summary>", StringComparison.Ordinal)..].Trim();
        var page = File.ReadAllText(RepositoryFolder.PathOf("docs", "extending.md"));
        Assert.Contains($"```csharp\n{type}\n```", page, StringComparison.Ordinal);
    }
}
