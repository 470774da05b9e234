#!/usr/bin/python3
"""mkmedia.py DIR: small files with everything that is odd about media.

In each, every second (in the film rates: every so many pictures) one picture
is white and a tone begins with it, for 50 ms.  What runs in between moves, so
that no two pictures are the same.  FILES says what to expect of each."""

import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

X264 = "-c:v libx264 -preset ultrafast -bf 2 -g 50 -pix_fmt yuv420p".split()
X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none".split()
AAC = "-c:a aac -aac_pns 0 -b:a 96k".split()
PCM = ["-c:a", "pcm_s16le"]
FFV1 = "-c:v ffv1".split()
MPEG2 = "-c:v mpeg2video -q:v 4 -g 12 -bf 2".split()
MP2 = "-c:a mp2 -b:a 128k".split()
HDR10 = ("-pix_fmt yuv420p10 -color_primaries bt2020 -color_trc smpte2084 "
         "-colorspace bt2020nc").split()
PQ = ("format=gbrpf32,zscale=tin=709:pin=709:rin=full:t=smpte2084:p=2020:"
      "m=2020_ncl:npl=203:r=tv,format=yuv420p10")


class File:
    """What to make and what to expect.  seconds: of pictures; sound: of
    sound, 0 for none; late: seconds that the sound's stream starts after the
    pictures' (the tones stay with the pictures)."""

    def __init__(self, name, video=X264, audio=AAC, rate="25", seconds=5,
                 size="320x180", filters="", sound=None, sar="1", hz=48000,
                 channels=2, mux=(), late=0, tone=1000, box=(0, 0, 1, 1),
                 after=None, options=()):
        self.name, self.video, self.audio = name, video, audio
        self.rate, self.seconds, self.size = Fraction(rate), seconds, size
        self.filters, self.sar, self.hz = filters, sar, hz
        self.sound = seconds if sound is None else sound
        self.channels, self.mux, self.late = channels, mux, late
        self.tone = tone
        self.box = box              # of the house picture that it fills
        self.after = after          # done to the file when it is made
        self.options = options      # its own, behind all

    @property
    def period(self):
        """Seconds from flash to flash."""
        return round(self.rate) / self.rate

    def picture_graph(self):
        every = round(self.rate)
        w, h = self.size.split("x")
        return (f"testsrc2=s={w}x{h}:r={self.rate}:d={self.seconds},"
                "format=rgb24,lutrgb=r=val/4:g=val/4:b=val/4,"
                "drawbox=t=fill:color=white:enable="
                f"'lt(mod(n,{every}),{max(1, every // 25)})',"
                f"setsar={self.sar}" + (self.filters and "," + self.filters))

    def sound_graph(self, tone=None):
        p, layout = float(self.period), {1: "mono", 2: "stereo", 6: "5.1"}
        wave = (f"0.25*sin(2*PI*{tone or self.tone}*mod(t,{p}))"
                f"*lt(mod(t,{p}),0.05)")
        wave = "|".join([wave] * self.channels)
        cut = f",atrim=start={self.late}" if self.late > 0 else ""
        return (f"aevalsrc='{wave}':s={self.hz}:d={self.sound}:"
                f"c={layout[self.channels]}{cut}")

    def argv(self, path):
        argv = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-copyts"]
        if self.video:
            argv += ["-f", "lavfi", "-i", self.picture_graph()]
        if self.audio and self.sound:
            argv += ["-f", "lavfi", "-i", self.sound_graph()]
        argv += [*(self.video or []), *(self.audio or [])]
        return argv + [*self.options, *self.mux, str(path)]


def run(argv):
    subprocess.run(argv, check=True, timeout=60, stdin=subprocess.DEVNULL)


def remux(path, before=(), after=()):
    """Copy the streams, with options before and after the input."""
    made = path.with_name("tmp-" + path.name)
    run(["ffmpeg", "-v", "error", "-nostdin", "-y", *before, "-i", str(path),
         "-c", "copy", *after, str(made)])
    made.replace(path)


def cut_before(mark):
    """Cut the file off before the last such bytes: its index."""
    def cut(path):
        data = path.read_bytes()
        path.write_bytes(data[:data.rindex(mark)])
    return cut


def cut_to(share):
    def cut(path):
        data = path.read_bytes()
        path.write_bytes(data[:int(len(data) * share)])
    return cut


def turn(path):
    """Give the picture's track a display matrix that turns it by 90 degrees
    (ISO/IEC 14496-12 8.3.2)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd")
    one, minus = (1 << 16).to_bytes(4, "big"), (-1 << 16).to_bytes(
        4, "big", signed=True)
    zero, w = bytes(4), (1 << 30).to_bytes(4, "big")
    data[at + 44:at + 80] = (zero + one + zero + minus + zero + zero + zero
                             + zero + w)
    path.write_bytes(data)


def subtitle(path):
    srt = path.with_suffix(".srt")
    srt.write_text("1\n00:00:00,500 --> 00:00:04,000\nA line of text\n")
    remux(path, ["-i", str(srt)], ["-map", "1:v", "-map", "1:a", "-map", "0:s",
                                   "-c:s", "srt", "-attach", __file__,
                                   "-metadata:s:t", "mimetype=text/plain"])
    srt.unlink()


def cover(path):
    png = path.with_suffix(".png")
    run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
         "color=white:s=64x64", "-frames:v", "1", str(png)])
    remux(path, ["-i", str(png)], ["-map", "1:a", "-map", "0:v",
                                   "-disposition:v", "attached_pic"])
    png.unlink()


def second(file, kind):
    """A maker of a second stream of that kind, in another manner."""
    def add(path):
        if kind == "a":
            new = file.sound_graph(1500)
        else:
            new = f"color=red:s=160x90:r=25:d={file.seconds}"
        made = path.with_name("tmp-" + path.name)
        run(["ffmpeg", "-v", "error", "-y", "-i", str(path), "-f", "lavfi",
             "-i", new, "-map", "0", "-map", "1", "-c:0", "copy", "-c:1",
             "copy", f"-c:{2}", "aac" if kind == "a" else "mpeg4",
             "-metadata:s:1", "language=ger",
             "-metadata:s:2", "language=eng", str(made)])
        made.replace(path)
    return add


def with_second(file, kind):
    file.after = second(file, kind)
    return file


PILLAR = (1 / 8, 0, 7 / 8, 1)       # 4:3 in 16:9

FILES = [
    File("plain.mp4"),
    File("film.mkv", rate="24000/1001", audio=["-c:a", "ac3"], channels=6),
    File("ntsc.mp4", rate="30000/1001"),
    File("no-audio.mp4", audio=None, sound=0),
    File("no-video.mp3", video=None, audio=["-c:a", "libmp3lame"]),
    File("cover.m4a", video=None, after=cover),
    with_second(File("two-languages.mkv"), "a"),
    with_second(File("two-videos.mp4"), "v"),
    File("interlaced-tff.ts", rate="50", filters="interlace=scan=tff",
         video=[*X264, "-x264-params", "tff=1"]),
    File("interlaced-bff.mpg", rate="60000/1001",
         filters="interlace=scan=bff", video=[*MPEG2, "-flags",
         "+ildct+ilme", "-field_order", "bb"], audio=MP2),
    File("anamorphic.mpg", video=MPEG2, audio=MP2, size="240x180",
         sar="4/3"),
    File("academy.vob", video=MPEG2, audio=["-c:a", "ac3"], size="240x180",
         mux=["-f", "vob"], box=PILLAR),
    File("portrait.mp4", size="180x320", box=(110 / 320, 0, 210 / 320, 1)),
    File("turned.mp4", after=turn, box=(110 / 320, 0, 210 / 320, 1)),
    File("vfr.mkv", rate="50", filters="select='lt(mod(n,50),3)+"
         "not(mod(n,7))*gt(mod(n,100),50)'", video=[*X264, "-fps_mode",
                                                    "vfr"]),
    File("held.mkv", seconds=8, filters="select='lt(mod(n,25),2)*"
         "not(between(n,77,174))'", video=[*X264, "-fps_mode", "vfr"]),
    File("100fps.mp4", rate="100"),
    File("hdr10.mkv", filters=PQ, video=[*X265, *HDR10]),
    File("44100.flv", hz=44100),
    File("44100.mov", hz=44100, audio=PCM),
    File("8000-mono.avi", video=["-c:v", "mjpeg", "-q:v", "3"], hz=8000, channels=1,
         audio=["-c:a", "pcm_mulaw"]),
    File("audio-short.mp4", sound=2.5),
    File("audio-long.mp4", sound=7, seconds=4),
    File("subtitles.mkv", after=subtitle),
    File("no-cues.mkv", after=cut_before(b"\x1c\x53\xbb\x6b")),
    File("no-index.avi", video=["-c:v", "mpeg4", "-bf", "0"],
         audio=["-c:a", "libmp3lame"], after=cut_before(b"idx1")),
    File("ends-early.mp4", mux=["-movflags", "+faststart"],
         after=cut_to(0.6)),
    File("opus.webm", video="-c:v libvpx -deadline realtime -cpu-used 8 "
         "-b:v 300k".split(), audio=["-c:a", "libopus"]),
    File("hevc.mp4", video=X265, rate="30"),
    File("mpeg2.ts", video=MPEG2, audio=MP2,
         mux=["-output_ts_offset", "40000"]),
    File("long-gop.ts", video=[*X264, "-g", "200"], seconds=25),
    File("xvid.avi", rate="30000/1001", video=["-c:v", "mpeg4", "-bf", "2",
         "-q:v", "4"], audio=["-c:a", "libmp3lame", "-q:a", "5"]),
    File("wmv.asf", video=["-c:v", "wmv2", "-q:v", "4"],
         audio=["-c:a", "wmav2"]),
    File("theora.ogv", video=["-c:v", "libtheora", "-q:v", "7"],
         audio=["-c:a", "libvorbis"], seconds=16),
    File("odd.mkv", video=FFV1, audio=PCM, size="213x119"),
    File("tiny.avi", video=["-c:v", "rawvideo", "-pix_fmt", "bgr24"],
         audio=PCM, size="2x2", box=PILLAR),
    File("gray.mkv", video=[*FFV1, "-pix_fmt", "gray"], audio=PCM),
    File("444-10.mkv", video=[*FFV1, "-pix_fmt", "yuv444p10"],
         audio=["-c:a", "flac"]),
    File("palette.mov", video=["-c:v", "png", "-pix_fmt", "pal8"],
         audio=PCM, seconds=4, filters="split[a][b],[a]palettegen[p],[b]"
         "[p]paletteuse"),
    File("alpha.mov", video=["-c:v", "png", "-pix_fmt", "rgba"], audio=PCM,
         seconds=4),
    File("full-range.mov", video=["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt",
         "yuvj420p"], audio=PCM),
    File("late-audio.mkv", late=0.3),
    File("late-video.mkv", filters="trim=start=0.4"),
    File("edit-list.mp4", after=lambda p: remux(p, ["-ss", "1.32"])),
]


def make(directory, file):
    path = pathlib.Path(directory) / file.name
    run(file.argv(path))
    if file.after:
        file.after(path)


def make_all(directory):
    pathlib.Path(directory).mkdir(exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda f: make(directory, f), FILES))
    truncated = pathlib.Path(directory) / "truncated.mp4"
    whole = (pathlib.Path(directory) / "plain.mp4").read_bytes()
    truncated.write_bytes(whole[:len(whole) // 2])


if __name__ == "__main__":
    make_all(sys.argv[1])
