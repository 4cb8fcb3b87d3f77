using System.Diagnostics;
using System.Text.RegularExpressions;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>Who follows "Add a middleware" of CONTRIBUTING.md to the letter has a middleware that builds, and a test that passes.</summary>
public sealed partial class ContributingTests
{
    private static readonly string Built = AppContext.BaseDirectory.TrimEnd('/');

    /// <summary>Far above the half minute that two small builds and four tests take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Middleware_AddedAsThePageSays_BuildsAndPassesItsTest()
    {
        using var folder = new TestFolder();
        var (middleware, import, module, test) = Parts();
        WritePack(folder, middleware, import, module);
        folder.Write("Harmony.Data.Tests/Test.cs", test);
        folder.Write("Harmony.Data.Tests/Harmony.Data.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <ProjectReference Include="../Harmony.Data/Harmony.Data.csproj" />
                <Using Include="Xunit" />
              </ItemGroup>
            </Project>
            """);

        // Everything but the pack is taken as it is built: packages of NuGet are not asked for.
        folder.Write("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>
                <GenerateDependencyFile>false</GenerateDependencyFile>
              </PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                <Reference Include="{Built}/*.dll" Exclude="{Built}/Harmony.Data.dll;{Built}/Harmony.Gateway.Tests.dll;{Built}/harmony.dll" />
              </ItemGroup>
            </Project>
            """);
        await RunAsync(folder, "build", "Harmony.Data.Tests", "-c", "release", "-o", "out", "--nologo", "-v", "quiet", "-nodeReuse:false",
            "-p:UseSharedCompilation=false");
        Assert.Contains("Passed:     4,", await RunAsync(folder, "vstest", "out/Harmony.Data.Tests.dll"), StringComparison.Ordinal);
    }

    /// <summary>The page promises a middleware that is short, and two lines in the pack.</summary>
    [Fact]
    public void Middleware_IsShort()
    {
        var (middleware, import, module, test) = Parts();
        Assert.InRange(middleware.TrimEnd().Split('\n').Length, 20, 45);
        Assert.InRange(test.TrimEnd().Split('\n').Length, 20, 40);
        Assert.Single(import.TrimEnd().Split('\n'));
        Assert.Equal(1, module.Split(".Add(").Length - 1);
    }

    /// <summary>The code blocks of the section, in the order of its steps.</summary>
    private static (string Middleware, string Import, string Module, string Test) Parts()
    {
        var page = MarkdownPage.Read("CONTRIBUTING.md");
        var lines = page.Text.Split('\n');
        var (from, to) = (Array.IndexOf(lines, "## Add a middleware"), Array.IndexOf(lines, "## Add a service"));
        var blocks = page.Blocks.Where(b => b.Language == "csharp" && b.Line > from && b.Line < to).Select(b => b.Text).ToList();
        Assert.Equal(4, blocks.Count);
        foreach (var (text, folder) in new[] { (blocks[0], "src/packs/"), (blocks[3], "tests/") })
        {
            var place = Namespace().Match(text).Groups["place"].Value.Replace('.', '/');
            var project = folder == "tests/" ? "Harmony.Data.Tests/" : "Harmony.Data/";
            Assert.Contains($"`{folder}{project}{place}/{Type().Match(text).Groups["name"].Value}.cs`", page.Text, StringComparison.Ordinal);
        }

        return (blocks[0], blocks[1], blocks[2], blocks[3]);
    }

    private static void WritePack(TestFolder folder, string middleware, string import, string module)
    {
        var pack = RepositoryFolder.PathOf("src", "packs", "Harmony.Data");
        foreach (var file in Directory.EnumerateFiles(pack, "*.cs", SearchOption.AllDirectories))
        {
            folder.Write(Path.Combine("Harmony.Data", Path.GetRelativePath(pack, file)), File.ReadAllText(file));
        }

        folder.Write("Harmony.Data/Harmony.Data.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        folder.Write("Harmony.Data/Added.cs", middleware);
        var list = File.ReadAllText(Path.Combine(pack, "DataPack.cs"));
        var last = list.IndexOf("            .Add(new MiddlewareModule(\"schema\"", StringComparison.Ordinal);
        folder.Write("Harmony.Data/DataPack.cs", import + list[..last] + module + list[last..]);
    }

    private static async Task<string> RunAsync(TestFolder folder, params string[] args)
    {
        var run = await Programs.RunAsync(new ProcessStartInfo("dotnet", args) { WorkingDirectory = folder.Path }, Limit);
        Assert.True(run.ExitCode == 0, $"dotnet {string.Join(' ', args)}: {run.Printed}");
        return run.Output;
    }

    [GeneratedRegex(@"^namespace Harmony\.Data(\.Tests)?\.(?<place>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\bclass (?<name>\w+)")]
    private static partial Regex Type();
}
