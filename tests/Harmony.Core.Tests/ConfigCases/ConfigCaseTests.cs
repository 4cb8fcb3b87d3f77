namespace Harmony.Core.Tests.ConfigCases;

/// <summary>Runs every golden file of this folder. <c>UPDATE_GOLDEN=1 dotnet test</c> rewrites them; look at the difference before you commit it.</summary>
public class ConfigCaseTests
{
    private static readonly string Folder = FindFolder();

    public static TheoryData<string> Cases
        => new(
            Directory.EnumerateFiles(Folder, "*.toml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => Path.GetRelativePath(Folder, f)));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Configuration_Loaded_GivesWhatItsFileSays(string file)
    {
        var path = Path.Combine(Folder, file);
        var golden = new ConfigCase(await File.ReadAllTextAsync(path));
        var outcome = await golden.RunAsync();
        if (outcome == golden.Expected) return;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") await File.WriteAllTextAsync(path, golden.With(outcome));
        else Assert.Fail($"{path}\n{Difference(golden.Expected, outcome)}");
    }

    /// <summary>Lines that are gone with a minus, new ones with a plus, the same ones as they are.</summary>
    private static string Difference(string expected, string actual)
    {
        var (was, now) = (expected.Split('\n').ToList(), actual.Split('\n').ToList());
        var same = was.Where(now.Contains).ToHashSet(StringComparer.Ordinal);
        return string.Join('\n', was.Select(l => (same.Contains(l) ? "  " : "- ") + l).Concat(now.Where(l => !same.Contains(l)).Select(l => "+ " + l)));
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Harmony.slnx"))) return Path.Combine(folder.FullName, "tests", "Harmony.Core.Tests", "ConfigCases");
        }

        throw new InvalidOperationException("the repository is not above the test's binaries");
    }
}
