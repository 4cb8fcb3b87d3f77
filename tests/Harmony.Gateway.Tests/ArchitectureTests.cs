using System.Reflection;
using System.Xml.Linq;
using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;
using Harmony.Modules;
using Harmony.Testing;

namespace Harmony.Gateway.Tests;

/// <summary>The arrows between projects point down, and the tree is easy to find one's way in.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Pure = ["System.", "netstandard", "Microsoft.Win32.Primitives"];

    [Fact]
    public void Core_KnowsTheBaseLibraryAndTheLoggingInterfaces()
        => AssertReferences(typeof(ConfigNode).Assembly, [.. Pure, "Microsoft.Extensions.Logging.Abstractions"]);

    [Fact]
    public void Modules_KnowNotTheGateway()
        => AssertReferences(typeof(StandardModules).Assembly, [.. Pure, "Microsoft.AspNetCore", "Microsoft.AspNetCore.", "Microsoft.Extensions.", "Microsoft.Net.", "Polly.Core",
            "Harmony.Core", "Harmony.Jolt", "Harmony.Dicom", "CsvHelper", "AWSSDK."]);

    [Fact]
    public void Gateway_KnowsModulesAndCore()
        => Assert.Subset(
            new HashSet<string?> { "Harmony.Core", "Harmony.Modules", "Harmony.Jolt", "Harmony.Dicom" },
            typeof(GatewayHost).Assembly.GetReferencedAssemblies().Select(a => a.Name).Where(n => n!.StartsWith("Harmony.", StringComparison.Ordinal)).ToHashSet());

    /// <summary>Engines are usable alone: no package, no framework, no project.</summary>
    [Theory]
    [InlineData("Harmony.Jolt")]
    [InlineData("Harmony.Dicom")]
    public void Engine_IsPure(string name)
    {
        var project = RepositoryFolder.PathOf("src", name, name + ".csproj");
        Assert.DoesNotContain(XDocument.Load(project).Descendants(), e => e.Name.LocalName is "PackageReference" or "FrameworkReference" or "ProjectReference");
        AssertReferences(Assembly.Load(name), Pure);
    }

    /// <summary>The compiler then sees to it that every public member has a doc comment.</summary>
    [Fact]
    public void Sources_WarnAboutMissingDocComments()
    {
        var properties = XDocument.Load(RepositoryFolder.PathOf("src", "Directory.Build.props"));
        Assert.Equal("$(NoWarn.Replace('CS1591', ''))", Assert.Single(properties.Descendants("NoWarn")).Value);
        var others = Directory.EnumerateFiles(RepositoryFolder.PathOf("src"), "*.csproj", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(others);
        Assert.All(others.Concat(Sources("src")).Append(RepositoryFolder.PathOf(".editorconfig")), file => Assert.DoesNotContain("CS1591", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void SourceFiles_AreShort()
        => Assert.All(Sources("src").Where(f => !f.EndsWith(".g.cs", StringComparison.Ordinal)), file =>
        {
            var lines = File.ReadLines(file).Count();
            Assert.True(lines <= 400, $"{Path.GetRelativePath(RepositoryFolder.Root, file)} has {lines} lines; look for its second responsibility");
        });

    /// <summary>
    /// <c>src/X/A/B.cs</c> is tested in <c>tests/X.Tests/A/BTests.cs</c>; <c>docs/</c> and <c>examples/</c> by folders of that name,
    /// and a folder of cases by the tests in it.
    /// </summary>
    [Fact]
    public void TestFolders_MirrorTheSources()
        => Assert.All(Sources("tests").Where(f => f.EndsWith("Tests.cs", StringComparison.Ordinal)), file =>
        {
            var parts = Path.GetRelativePath(RepositoryFolder.PathOf("tests"), Path.GetDirectoryName(file)!).Split('/');
            var mirrored = RepositoryFolder.PathOf(["src", parts[0].Replace(".Tests", "", StringComparison.Ordinal), .. parts[1..]]);
            var isOfRepository = parts.Length == 2 && Directory.Exists(RepositoryFolder.PathOf(parts[1].ToLowerInvariant()));
            var isCases = parts[^1].EndsWith("Cases", StringComparison.Ordinal);
            Assert.True(isOfRepository || isCases || Directory.Exists(mirrored), $"{Path.GetRelativePath(RepositoryFolder.Root, file)} tests a folder that is not there: {mirrored}");
        });

    private static IEnumerable<string> Sources(string folder)
        => Directory.EnumerateFiles(RepositoryFolder.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static void AssertReferences(Assembly assembly, IReadOnlyCollection<string> allowed)
        => Assert.All(assembly.GetReferencedAssemblies().Select(a => a.Name!), name =>
            Assert.True(allowed.Any(a => name == a || (a.EndsWith('.') && name.StartsWith(a, StringComparison.Ordinal))), $"{assembly.GetName().Name} references {name}"));
}
