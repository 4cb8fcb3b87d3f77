namespace Harmony.Testing.Requirements;

/// <summary>
/// Other programs that tests talk to, such as DCMTK. A test that needs one says so (<see cref="PeerFactAttribute"/>) and is reported as
/// skipped without it, unless <c>HARMONY_REQUIRE_PEERS</c> is 1: then it fails. <c>test.sh</c> installs them where it may.
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
        ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"] = "orthanc-dicomweb",
        ["node"] = "nodejs",
        ["gdcmconv"] = "libgdcm-tools",
        ["opj_compress"] = "libopenjp2-tools",
        ["opj_decompress"] = "libopenjp2-tools",
        ["dcm2pnm"] = "dcmtk",
        ["dcmdjpeg"] = "dcmtk",
        ["dcmdjpls"] = "dcmtk",
        ["dcmdrle"] = "dcmtk",
        ["age-keygen"] = "age",
        ["script"] = "bsdutils",
        ["promtool"] = "prometheus",
    };

    /// <summary>What stands before the name of a package of npm in a list of programs.</summary>
    private const string Npm = "npm:";

    /// <summary>Where Debian keeps servers, which is not in everybody's PATH.</summary>
    private static readonly string[] Further = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The path of a program.</summary>
    /// <exception cref="InvalidOperationException">It is not installed; the message says how to install it.</exception>
    public static string PathOf(string program)
        => Find(program, Environment.GetEnvironmentVariable) ?? throw new InvalidOperationException(WhyMissing(program));

    /// <summary>Why a test that needs these programs has to be skipped; null where they are all here, or <c>HARMONY_REQUIRE_PEERS</c> is 1.</summary>
    public static string? WhySkipped(params string[] programs) => WhySkipped(programs, Environment.GetEnvironmentVariable);

    /// <summary>The same in an environment of the caller's.</summary>
    public static string? WhySkipped(string[] programs, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment("HARMONY_REQUIRE_PEERS") == "1") return null;
        return programs.FirstOrDefault(p => Find(p, environment) is null) is { } missing ? WhyMissing(missing) : null;
    }

    private static string? Find(string program, Func<string, string?> environment)
        => program.StartsWith(Npm, StringComparison.Ordinal)
            ? FindPackage(program[Npm.Length..]) : (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(Further).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);

    /// <summary>Where a package of npm is, in the folder of the repository that has the list of them.</summary>
    private static string? FindPackage(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "tests", "npm", "node_modules", name) is var path && Directory.Exists(path)) return path;
        }

        return null;
    }

    private static string WhyMissing(string program) => program.StartsWith(Npm, StringComparison.Ordinal)
        ? $"the npm package {program[Npm.Length..]} is not installed: npm ci --prefix tests/npm"
        : $"{program} is not installed; on Debian and Ubuntu: sudo apt-get install {Packages.GetValueOrDefault(program, program)}";
}
