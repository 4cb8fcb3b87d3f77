using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Examples;

/// <summary>Every folder of <c>examples/</c> does what its README says: its <c>demo.sh</c> compares the answers.</summary>
public sealed class ExamplesTests
{
    private static readonly string Root = RepositoryFolder.PathOf("examples");

    private static readonly string[] Names = [.. Directory.EnumerateDirectories(Root).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    public static TheoryData<string> Examples => [.. Names];

    /// <summary>Those whose <c>demo.sh</c> ends early, with nothing to show, where DCMTK is not installed.</summary>
    public static TheoryData<string> ExamplesWithDcmtk => [.. Names.Where(NeedsDcmtk)];

    public static TheoryData<string> ExamplesWithoutDcmtk => [.. Names.Where(e => !NeedsDcmtk(e))];

    public static TheoryData<string> Configurations =>
    [
        .. Directory.EnumerateFiles(Root, "config.toml", SearchOption.AllDirectories).Append(RepositoryFolder.PathOf("config", "config.toml"))
            .Select(f => Path.GetRelativePath(RepositoryFolder.Root, f)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_IsComplete(string example)
    {
        Assert.True(File.Exists(Path.Combine(Root, example, "README.md")), $"examples/{example} has no README.md");
        Assert.True(File.Exists(Path.Combine(Root, example, "demo.sh")), $"examples/{example} has no demo.sh");
        Assert.Contains($"]({example}/README.md)", File.ReadAllText(Path.Combine(Root, "README.md")), StringComparison.Ordinal);
    }

    public static TheoryData<string> DrawnExamples => [.. Names.Where(n => File.Exists(Path.Combine(Root, n, "pipelines.svg")))];

    [Theory]
    [MemberData(nameof(DrawnExamples))]
    public async Task Drawing_IsThatOfTheConfiguration(string example)
    {
        using var folder = new TestFolder();
        var drawn = await CommandLine.RunAsync("explain", "-c", Path.Combine(Root, example, "config.toml"), "--svg", folder.PathOf("pipelines.svg"));
        Assert.True(drawn.ExitCode == 0, drawn.Error);
        var isSame = await File.ReadAllTextAsync(folder.PathOf("pipelines.svg")) == await File.ReadAllTextAsync(Path.Combine(Root, example, "pipelines.svg"));
        Assert.True(isSame, $"renew it: harmony explain -c examples/{example}/config.toml --svg examples/{example}/pipelines.svg");
        Assert.Contains("](pipelines.svg)", await File.ReadAllTextAsync(Path.Combine(Root, example, "README.md")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task Configuration_HasNoProblems(string file)
    {
        var path = Path.Combine(RepositoryFolder.Root, file);
        using var copy = (await File.ReadAllTextAsync(path)).Contains("cert_path", StringComparison.Ordinal)
            ? ExampleFolder.CopyOf(Path.GetDirectoryName(path)!)
            : null;
        var run = await CommandLine.RunAsync("check", "--strict", "--config", copy?.Main ?? path);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }

    [PeerTheory("bash", "curl")]
    [MemberData(nameof(ExamplesWithoutDcmtk))]
    [Trait("Category", "Slow")]
    public Task Demo_AnswersAreAsExpected(string example) => AssertAsExpectedAsync(example);

    [DcmtkTheory("bash", "curl")]
    [MemberData(nameof(ExamplesWithDcmtk))]
    [Trait("Category", "Slow")]
    public Task DemoWithDcmtk_AnswersAreAsExpected(string example) => AssertAsExpectedAsync(example);

    private static bool NeedsDcmtk(string example) => File.ReadAllText(Path.Combine(Root, example, "demo.sh")).Contains("need_dcmtk", StringComparison.Ordinal);

    private static async Task AssertAsExpectedAsync(string example)
    {
        var (exitCode, printed) = await Demo.RunAsync(Path.Combine(Root, example, "demo.sh"));
        Assert.True(exitCode == 0, printed);
    }

    /// <summary>The DICOM examples with a real PACS.</summary>
    [PeerTheory("bash", "curl", OrthancPeer.Program)]
    [InlineData("cstore-filesystem")]
    [InlineData("dicom-backend")]
    [InlineData("dicom-router")]
    [InlineData("dicom-scp")]
    [InlineData("dicom-transcode")]
    [Trait("Category", "Slow")]
    public async Task Demo_WithOrthanc_AnswersAreAsExpected(string example)
    {
        var (exitCode, printed) = await Demo.RunAsync(Path.Combine(Root, example, "demo.sh"), ("DEMO_PACS", "orthanc"));
        Assert.True(exitCode == 0, printed);
        Assert.Contains("$ Orthanc ", printed, StringComparison.Ordinal);
    }
}
