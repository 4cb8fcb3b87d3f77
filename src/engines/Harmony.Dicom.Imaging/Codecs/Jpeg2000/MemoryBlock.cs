using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>Memory that OpenJPEG reads from or writes to through its callbacks. Written memory grows, up to <see cref="Limit"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MemoryBlock
{
    public byte* Data;
    public long Length;
    public long Position;
    public long Capacity;
    public long Limit;

    private static nuint Failed => unchecked((nuint)(-1));

    /// <summary>A stream of the library over this memory. The memory must not move until the stream is destroyed.</summary>
    public static nint CreateStream(MemoryBlock* memory, bool isInput)
    {
        const int BufferSize = 64 * 1024;
        var stream = OpenJpeg.CreateStream(BufferSize, isInput ? 1 : 0);
        if (stream == 0) throw new ImagingException(ImagingErrorKind.TooLarge, "OpenJPEG cannot make a stream: there is not enough memory");
        OpenJpeg.SetUserData(stream, memory, 0);
        if (isInput) OpenJpeg.SetLength(stream, (ulong)memory->Length);
        OpenJpeg.SetRead(stream, &Read);
        OpenJpeg.SetWrite(stream, &Write);
        OpenJpeg.SetSkip(stream, &Skip);
        OpenJpeg.SetSeek(stream, &Seek);
        return stream;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Read(void* buffer, nuint count, void* user)
    {
        var memory = (MemoryBlock*)user;
        var left = memory->Length - memory->Position;
        if (left <= 0) return Failed;
        var taken = Math.Min(left, (long)Math.Min((ulong)count, long.MaxValue));
        Buffer.MemoryCopy(memory->Data + memory->Position, buffer, taken, taken);
        memory->Position += taken;
        return (nuint)taken;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Write(void* buffer, nuint count, void* user)
    {
        var memory = (MemoryBlock*)user;
        var end = memory->Position + (long)count;
        if (end > memory->Limit) return Failed;
        if (end > memory->Capacity)
        {
            var capacity = Math.Min(memory->Limit, Math.Max(end, memory->Capacity * 2));
            memory->Data = (byte*)NativeMemory.Realloc(memory->Data, (nuint)capacity);
            memory->Capacity = capacity;
        }

        Buffer.MemoryCopy(buffer, memory->Data + memory->Position, count, count);
        memory->Position = end;
        memory->Length = Math.Max(memory->Length, end);
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Skip(long count, void* user)
    {
        var memory = (MemoryBlock*)user;
        if (count < 0 || count > memory->Length - memory->Position) return -1;
        memory->Position += count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Seek(long position, void* user)
    {
        var memory = (MemoryBlock*)user;
        if (position < 0 || position > memory->Length) return 0;
        memory->Position = position;
        return 1;
    }
}
