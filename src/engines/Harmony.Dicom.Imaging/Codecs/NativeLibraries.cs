using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Codecs;

/// <summary>A library of the system, which may not be there.</summary>
internal sealed class NativeLibraryFile
{
    private readonly string _package;
    private readonly string _purpose;
    private readonly Lazy<nint> _handle;

    /// <param name="purpose">What is decoded with it, for messages.</param>
    /// <param name="package">The package of Debian and Ubuntu that has it.</param>
    /// <param name="names">The names it has, the one of this system among them.</param>
    public NativeLibraryFile(string purpose, string package, params string[] names)
    {
        (_purpose, _package) = (purpose, package);
        // 32-bit systems have other structures.
        _handle = new Lazy<nint>(() => Environment.Is64BitProcess && names.Any(n => NativeLibrary.TryLoad(n, out var handle) && (Found = handle) != 0)
            ? Found
            : 0);
    }

    private nint Found { get; set; }

    /// <summary>Where it is loaded; 0 if it is not installed.</summary>
    public nint Handle => _handle.Value;

    /// <exception cref="ImagingException">MissingLibrary: it is not installed.</exception>
    public void Require()
    {
        if (Handle == 0) throw new ImagingException(
            ImagingErrorKind.MissingLibrary, $"{_purpose} needs a library of the system that is not installed: apt-get install {_package}");
    }
}

/// <summary>The libraries of the system that decode what nothing managed does.</summary>
internal static class NativeLibraries
{
    public const string CharLsName = "charls";
    public const string OpenJpegName = "openjp2";

    public static readonly NativeLibraryFile CharLs = new("JPEG-LS", "libcharls2", "libcharls.so.2", "libcharls.2.dylib", "charls-2-x64.dll");
    public static readonly NativeLibraryFile OpenJpeg = new("JPEG 2000", "libopenjp2-7", "libopenjp2.so.7", "libopenjp2.7.dylib", "openjp2.dll");

    /// <summary>Called by the classes that import functions, before the first of them is looked up.</summary>
    [SuppressMessage("Performance", "CA1810", Justification = "an assembly has one resolver: the order counts")]
    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        CharLsName => CharLs.Handle,
        OpenJpegName => OpenJpeg.Handle,
        _ => 0,
    };
}
