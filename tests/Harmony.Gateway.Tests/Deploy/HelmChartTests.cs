using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Deploy;

/// <summary>
/// The Helm chart, rendered by what its templates use of Helm: values, <c>if</c> and <c>else</c>, <c>indent</c> and <c>sha256sum</c>. With its own values it is
/// what the files for Kustomize are.
/// </summary>
public sealed partial class HelmChartTests
{
    private static readonly string Chart = RepositoryFolder.PathOf("deploy", "helm", "harmony");

    [Theory]
    [InlineData("deployment.yaml")]
    [InlineData("service.yaml")]
    [InlineData("network-policy.yaml")]
    public void Template_WithItsValues_IsTheFileForKustomize(string file)
    {
        var kustomize = Plain(File.ReadAllText(RepositoryFolder.PathOf("deploy", "kubernetes", file)));
        var rendered = Plain(Render(file, [])).Where(l => !IsOfHelmAlone(l)).Select(l => l.Replace("\"harmony:latest\"", "harmony", StringComparison.Ordinal));
        Assert.Equal(kustomize, rendered);
    }

    [Fact]
    public async Task Configuration_IsOneThatRuns_AndThatOfKustomize()
    {
        var config = string.Join('\n', Render("configmap.yaml", []).Split("config.toml: |\n")[1].Split('\n').Select(l => l.Length > 4 ? l[4..] : ""));
        Assert.Equal(File.ReadAllText(RepositoryFolder.PathOf("deploy", "kubernetes", "config.toml")).Trim(), config.Trim());
        using var folder = new ConfigFolder(config.Replace("${HARMONY_ADMIN_TOKEN}", "0123456789abcdef", StringComparison.Ordinal)
            .Replace("required_env_vars", "# required_env_vars", StringComparison.Ordinal));
        Assert.Equal(0, (await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml")).ExitCode);
    }

    [Fact]
    public void Values_OpenADicomPortAndKeepTheStorage()
    {
        var values = new Dictionary<string, string>
        {
            ["dicomPort"] = "11112", ["storageClaim"] = "harmony-data",
            ["image.repository"] = "registry.example/harmony", ["replicas"] = "3"
        };
        var deployment = Render("deployment.yaml", values);
        Assert.Contains("            - name: dicom\n              containerPort: 11112\n", deployment, StringComparison.Ordinal);
        Assert.Contains("          persistentVolumeClaim:\n            claimName: harmony-data\n", deployment, StringComparison.Ordinal);
        Assert.Contains("image: \"registry.example/harmony:latest\"", deployment, StringComparison.Ordinal);
        Assert.Contains("replicas: 3", deployment, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(deployment, "emptyDir")); // of /tmp
        Assert.Contains("    - name: dicom\n      port: 11112\n", Render("service.yaml", values), StringComparison.Ordinal);
        Assert.Contains("        - port: 11112\n", Render("network-policy.yaml", values), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryValue_IsUsed_AndEveryOneThatIsUsed_IsThere()
    {
        var used = Directory.GetFiles(Path.Combine(Chart, "templates")).SelectMany(f => ValueName().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value)
            .Distinct();
        Assert.Equal(Values().Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    private static string[] Plain(string yaml) => [.. yaml.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0 && l.TrimStart()[0] != '#')];

    private static bool IsOfHelmAlone(string line)
        => line.TrimStart() is var text && (text.StartsWith("app.kubernetes.io/instance:", StringComparison.Ordinal)
            || text.StartsWith("imagePullPolicy:", StringComparison.Ordinal)
            || text.StartsWith("annotations:", StringComparison.Ordinal) || text.StartsWith("checksum/config:", StringComparison.Ordinal));

    private static string Render(string template, Dictionary<string, string> changed)
    {
        var values = Values();
        foreach (var (name, value) in changed) values[name] = value;
        var output = new StringBuilder();
        var shown = new Stack<bool>();
        foreach (var line in File.ReadAllText(Path.Combine(Chart, "templates", template)).TrimEnd('\n').Split('\n'))
        {
            if (Branch().Match(line) is { Success: true } branch)
            {
                if (branch.Groups["if"].Success) shown.Push(values[branch.Groups["if"].Value] is not ("" or "0" or "false"));
                else if (branch.Groups["else"].Success) shown.Push(!shown.Pop());
                else shown.Pop();
            }
            else if (shown.All(s => s))
            {
                output.Append(Action().Replace(line, m => Value(m, values))).Append('\n');
            }
        }

        Assert.DoesNotContain("{{", output.ToString(), StringComparison.Ordinal);
        return output.ToString();
    }

    private static string Value(Match action, Dictionary<string, string> values)
    {
        var value = action.Groups["release"].Success ? "harmony" : values[action.Groups["value"].Value];
        if (action.Groups["sha"].Success) return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
        return action.Groups["indent"].Success
            ? string.Join('\n', value.Split('\n').Select(l => new string(' ', int.Parse(action.Groups["indent"].Value)) + l)) : value;
    }

    /// <summary>values.yaml, which is names with values, one level of tables, and one text of several lines.</summary>
    private static Dictionary<string, string> Values()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var (table, block) = ("", (string?)null);
        foreach (var line in File.ReadAllLines(Path.Combine(Chart, "values.yaml")))
        {
            if (block is not null)
            {
                values[block] += (line.Length > 2 ? line[2..] : "") + "\n";
                continue;
            }

            if (line.Length == 0 || line[0] == '#') continue;
            var (name, value) = (line.Trim().Split(':')[0], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().Trim('"'));
            if (line[0] != ' ') table = "";
            if (value == "|") values[block = name] = "";
            else if (value.Length == 0 && !line.EndsWith("\"\"", StringComparison.Ordinal)) table = name + ".";
            else values[table + name] = value;
        }

        return values;
    }

    [GeneratedRegex(@"^\{\{- (?:if \.Values\.(?<if>[\w.]+)|(?<else>else)|end) \}\}$")]
    private static partial Regex Branch();

    [GeneratedRegex(@"\{\{ (?:\.Values\.(?<value>[\w.]+)|(?<release>\.Release\.Name))(?: \| (?:indent (?<indent>\d+)|(?<sha>sha256sum)))? \}\}")]
    private static partial Regex Action();

    [GeneratedRegex(@"\.Values\.([\w.]+)")]
    private static partial Regex ValueName();
}
