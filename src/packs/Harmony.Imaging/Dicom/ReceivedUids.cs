using System.Text;
using Harmony.Dicom.Data;

namespace Harmony.Imaging.Dicom;

/// <summary>UIDs as they were received, written into a data set: those that devices make up are not always what PS3.5 §9.1 allows.</summary>
internal static class ReceivedUids
{
    /// <summary>An element of them.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="uids">One UID, or several with backslashes between.</param>
    public static DicomValue Of(DicomTag tag, string uids) => new(tag, Vr.UI, Encoding.ASCII.GetBytes(uids.Length % 2 == 0 ? uids : uids + "\0"));
}
