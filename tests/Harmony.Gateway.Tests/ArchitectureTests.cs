using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Harmony.Testing;

namespace Harmony.Gateway.Tests;

/// <summary>The arrows between projects point down, and the tree is easy to find one's way in.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Pure = ["System.", "netstandard", "Microsoft.Win32.Primitives"];

    private static readonly string[] Web = [.. Pure, "Microsoft.AspNetCore", "Microsoft.AspNetCore.", "Microsoft.Extensions.", "Microsoft.Net."];

    [Fact]
    public void Core_KnowsTheBaseLibraryAndTheLoggingInterfaces()
        => AssertReferences("Harmony.Core", [.. Pure, "Microsoft.Extensions.Logging.Abstractions"]);

    /// <summary>Every pack, and what of Harmony and of others it may use. Those that extend HTTP use <c>Harmony.Http</c>; no pack uses the program.</summary>
    public static TheoryData<string, string[]> Packs => new()
    {
        { "Harmony.Http", ["Harmony.Core", "Polly.Core"] },
        { "Harmony.Access", ["Harmony.Core", "Harmony.Jose", "MaxMind.Db", "NSec.Cryptography"] },
        { "Harmony.Data", ["Harmony.Core", "Harmony.Jolt", "Harmony.JsonSchema", "Harmony.Dicom", "Harmony.Imaging", "AWSSDK."] },
        { "Harmony.Imaging", ["Harmony.Core", "Harmony.Http", "Harmony.Dicom", "Harmony.Dicom.Imaging", "Polly.Core"] },
        { "Harmony.Packages", ["Harmony.Core", "Harmony.Http", "Harmony.Jmix", "Harmony.Dicom", "Microsoft.Data.Sqlite"] },
        { "Harmony.Fhir", ["Harmony.Core", "Harmony.Http", "Hl7.Fhir.", "Firely.Fhir."] },
        { "Harmony.Mesh", ["Harmony.Core", "Harmony.Http", "Harmony.Access", "Harmony.Age", "Harmony.Jose", "NSec.Cryptography"] },
    };

    [Theory]
    [MemberData(nameof(Packs))]
    public void Pack_KnowsCoreAndItsEngines(string pack, string[] allowed) => AssertReferences(pack, [.. Web, .. allowed]);

    [Fact]
    public void Packs_AreAllListed()
        => Assert.Equal(
            Directory.EnumerateDirectories(RepositoryFolder.PathOf("src", "packs")).Select(Path.GetFileName).Where(n => n != "Harmony.Packs")
                .Order(StringComparer.Ordinal),
            Packs.Select(p => (string?)p[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void ListOfPacks_KnowsPacksOnly()
        => AssertReferences("Harmony.Packs", [.. Pure, "Harmony.Core", .. Packs.Select(p => (string)p[0])]);

    public static TheoryData<string> Engines
        => [.. Directory.EnumerateDirectories(RepositoryFolder.PathOf("src", "engines")).Select(p => Path.GetFileName(p)!)];

    /// <summary>The engines that need more than the base library: the one library that each wraps, or the engine that it extends.</summary>
    private static string[] NeedsOf(string engine) => engine switch
    {
        "Harmony.Dicom.Imaging" => ["Harmony.Dicom", "JpegLibrary"],
        "Harmony.Jmix" => ["NSec.Cryptography", "System.IO.Hashing"],
        "Harmony.Age" or "Harmony.Jose" => ["NSec.Cryptography"],
        _ => [],
    };

    /// <summary>Engines are usable alone.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public void Engine_IsPure(string name)
    {
        var project = RepositoryFolder.PathOf("src", "engines", name, name + ".csproj");
        Assert.All(
            XDocument.Load(project).Descendants().Where(e => e.Name.LocalName is "PackageReference" or "FrameworkReference" or "ProjectReference"),
            e => Assert.Contains(NeedsOf(name), n => e.Attribute("Include")!.Value.Contains(n, StringComparison.Ordinal)));
        AssertReferences(name, [.. Pure, .. NeedsOf(name)]);
    }

    /// <summary>The compiler then sees to it that every public member has a doc comment.</summary>
    [Fact]
    public void Sources_WarnAboutMissingDocComments()
    {
        var properties = XDocument.Load(RepositoryFolder.PathOf("src", "Directory.Build.props"));
        Assert.Equal("$(NoWarn.Replace('CS1591', ''))", Assert.Single(properties.Descendants("NoWarn")).Value);
        var others = Directory.EnumerateFiles(RepositoryFolder.PathOf("src"), "*.csproj", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(others);
        Assert.All(others.Concat(Sources("src")).Append(RepositoryFolder.PathOf(".editorconfig")),
            file => Assert.DoesNotContain("CS1591", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void SourceFiles_AreShort()
        => Assert.All(Sources("src").Where(f => !f.EndsWith(".g.cs", StringComparison.Ordinal)), file =>
        {
            var lines = File.ReadLines(file).Count();
            Assert.True(lines <= 400, $"{Path.GetRelativePath(RepositoryFolder.Root, file)} has {lines} lines; look for its second responsibility");
        });

    /// <summary>One idea per file, not one type per file: CONTRIBUTING.</summary>
    [Fact]
    public void SourceFiles_HoldAnIdeaEach()
    {
        var lengths = Sources("src").Where(f => !f.EndsWith(".g.cs", StringComparison.Ordinal)).Select(f => File.ReadLines(f).Count()).Order().ToList();
        Assert.InRange(lengths[lengths.Count / 2], 65, 150);
        Assert.InRange(lengths.Count(l => l <= 20), 0, lengths.Count / 20);
    }

    /// <summary>
    /// No line has more than 160 columns, but for generated tables and data of tests: documents in raw strings, and tokens, keys and queries, which have no
    /// blank at which to break them.
    /// </summary>
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Lines_HaveAtMost160Columns(string folder)
        => Assert.Empty(Sources(folder).Where(f => !f.EndsWith(".g.cs", StringComparison.Ordinal)).SelectMany(f => LongLines(f, ofTests: folder == "tests")));

    private static IEnumerable<string> LongLines(string file, bool ofTests)
    {
        var isRaw = false;
        foreach (var (number, line) in File.ReadLines(file).Index())
        {
            var marks = line.Split("\"\"\"").Length - 1;
            var isData = ofTests && (isRaw || marks > 0 || Unbroken().IsMatch(line));
            isRaw ^= marks % 2 == 1;
            if (line.Length > 160 && !isData) yield return $"{Path.GetRelativePath(RepositoryFolder.Root, file)}({number + 1})";
        }
    }

    [GeneratedRegex("\"(\\\\.|[^\"\\\\ ]){100,}\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Unbroken();

    /// <summary>Beside these lists the analyzer finds every public member that somebody adds, changes or removes; without them it looks for none.</summary>
    [Theory]
    [InlineData("", "Harmony.Core")]
    [InlineData("engines", "Harmony.Dicom")]
    [InlineData("engines", "Harmony.Jolt")]
    public void PublicMembers_OfLibraries_AreListed(string room, string name)
    {
        foreach (var kind in new[] { "Shipped", "Unshipped" })
            Assert.Equal("#nullable enable", File.ReadLines(RepositoryFolder.PathOf("src", room, name, $"PublicAPI.{kind}.txt")).First());
    }

    /// <summary>
    /// <c>src/…/X/A/B.cs</c> is tested in <c>tests/X.Tests/A/BTests.cs</c>; <c>docs/</c> and <c>examples/</c> by folders of that name,
    /// and a folder of cases by the tests in it.
    /// </summary>
    [Fact]
    public void TestFolders_MirrorTheSources()
        => Assert.All(Sources("tests").Where(f => f.EndsWith("Tests.cs", StringComparison.Ordinal)), file =>
        {
            var parts = Path.GetRelativePath(RepositoryFolder.PathOf("tests"), Path.GetDirectoryName(file)!).Split('/');
            var project = Project(parts[0].Replace(".Tests", "", StringComparison.Ordinal));
            var mirrored = Path.Combine([project, .. parts[1..]]);
            var isOfRepository = parts.Length == 2 && Directory.Exists(RepositoryFolder.PathOf(parts[1].ToLowerInvariant()));
            var isCases = parts[^1].EndsWith("Cases", StringComparison.Ordinal);
            Assert.True(isOfRepository || isCases
                || Directory.Exists(mirrored), $"{Path.GetRelativePath(RepositoryFolder.Root, file)} tests a folder that is not there: {mirrored}");
        });

    private static IEnumerable<string> Sources(string folder)
        => Directory.EnumerateFiles(RepositoryFolder.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static readonly string[] Rooms = ["", "packs", "engines"];

    private static string Project(string name)
        => Rooms.Select(room => RepositoryFolder.PathOf("src", room, name)).FirstOrDefault(Directory.Exists) ?? name;

    private static void AssertReferences(string assembly, IReadOnlyCollection<string> allowed)
        => Assert.All(Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!), name =>
            Assert.True(allowed.Any(a => name == a || (a.EndsWith('.') && name.StartsWith(a, StringComparison.Ordinal))), $"{assembly} references {name}"));
}
