using System.Text.RegularExpressions;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests;

/// <summary>A copy of an example with the certificates that it names, which no repository holds.</summary>
internal static partial class ExampleFolder
{
    public static ConfigFolder CopyOf(string example)
    {
        var folder = new ConfigFolder();
        foreach (var file in Directory.EnumerateFiles(example, "*", SearchOption.AllDirectories))
            folder.Write(Path.GetRelativePath(example, file), File.ReadAllText(file));
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.toml", SearchOption.AllDirectories)) WriteCertificates(folder, File.ReadAllText(file));
        return folder;
    }

    private static void WriteCertificates(ConfigFolder folder, string config)
    {
        foreach (var (cert, key) in CertPath().Matches(config).Zip(KeyPath().Matches(config)))
        {
            TestCertificate.Write(Path.Combine(folder.Path, cert.Groups["path"].Value), Path.Combine(folder.Path, key.Groups["path"].Value));
        }

        foreach (Match authority in AuthorityPath().Matches(config)) folder.Write(authority.Groups["path"].Value, TestCertificate.Files["server.pem"]);
    }

    [GeneratedRegex("^cert_path = \"(?<path>[^\"]*)\"", RegexOptions.Multiline)]
    private static partial Regex CertPath();

    [GeneratedRegex("^key_path = \"(?<path>[^\"]*)\"", RegexOptions.Multiline)]
    private static partial Regex KeyPath();

    [GeneratedRegex("^client_ca_path = \"(?<path>[^\"]*)\"", RegexOptions.Multiline)]
    private static partial Regex AuthorityPath();
}
