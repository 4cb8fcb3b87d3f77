namespace Harmony.Testing;

/// <summary>
/// Other programs that tests talk to, such as nginx. A test that needs one passes without it, unless <c>HARMONY_REQUIRE_PEERS</c> is 1;
/// <c>test.sh</c> installs them where it may and names those that are missing.
/// </summary>
public static class Peers
{
    /// <summary>Debian's package of each program whose package has another name. <c>test.sh</c> has the list of packages.</summary>
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["nginx"] = "nginx-light",
        ["h2load"] = "nghttp2-client",
        ["nghttp"] = "nghttp2-client",
        ["dcm2json"] = "dcmtk",
        ["dcmconv"] = "dcmtk",
        ["dcmcjpeg"] = "dcmtk",
        ["dcmcjpls"] = "dcmtk",
        ["dcmcrle"] = "dcmtk",
        ["dump2dcm"] = "dcmtk",
        ["img2dcm"] = "dcmtk",
        ["dcmdump"] = "dcmtk",
        ["echoscu"] = "dcmtk",
        ["storescu"] = "dcmtk",
        ["findscu"] = "dcmtk",
        ["getscu"] = "dcmtk",
        ["movescu"] = "dcmtk",
        ["storescp"] = "dcmtk",
        ["dcmqrscp"] = "dcmtk",
        ["Orthanc"] = "orthanc",
        ["gdcmconv"] = "libgdcm-tools",
    };

    /// <summary>Where Debian keeps servers, which is not in everybody's PATH.</summary>
    private static readonly string[] Further = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The path of a program; null when it is not installed.</summary>
    /// <exception cref="InvalidOperationException">It is not installed and <c>HARMONY_REQUIRE_PEERS</c> is 1; the message says how to install it.</exception>
    public static string? Find(string program) => Find(program, Environment.GetEnvironmentVariable);

    /// <summary>The same in an environment of the caller's.</summary>
    public static string? Find(string program, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var folders = (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = folders.Concat(Further).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
        if (found is not null || environment("HARMONY_REQUIRE_PEERS") != "1") return found;
        throw new InvalidOperationException($"{program} is not installed; on Debian and Ubuntu: sudo apt-get install {Packages.GetValueOrDefault(program, program)}");
    }
}
